import CommandKit
import FoundationEssentials

/// Prints one line for each event sent, and counts the outcomes.
final class AppendReport {
    private let printsJSON: Bool
    private let isDryRun: Bool
    private var appended = 0
    private var existing = 0
    private(set) var refused = 0
    private var unanswered = 0
    /// Indicates that something was printed.
    var isStarted: Bool { appended + existing + refused + unanswered > 0 }

    init(json: Bool, isDryRun: Bool = false) {
        printsJSON = json
        self.isDryRun = isDryRun
    }

    /// Prints the service's result for the event on a line.
    func result(_ json: ArraySlice<UInt8>, line: Int) throws(ClientError) {
        let result = try AppendResult.decode(json)
        switch result.status {
        case "appended": appended += 1
        case "exists": existing += 1
        default: refused += 1
        }
        if printsJSON {
            Console.line(Array("{\"line\":\(line),".utf8) + json.dropFirst())
        } else {
            Console.line(text(of: result, line: line))
        }
    }

    /// Prints the outcome of an event that was a request of its own.
    func answer(status: Int, body: [UInt8], line: [UInt8], number: Int) throws(ClientError) {
        if (200..<300).contains(status), let result = JSONElements.elements(of: "events", in: body).first {
            return try self.result(result, line: number)
        }
        var batch = AppendBatch()
        batch.add(line, number: number)
        refused(batch, status: status, body: body)
    }

    /// Prints, for each event of a request, that the request was refused as a whole.
    func refused(_ batch: AppendBatch, status: Int, body: [UInt8]) {
        let problem = ProblemDetails.decode(body)
        let isAlone = batch.lines.count == 1
        let request = isAlone ? "" : ",\"request\":\"\(batch.place)\""
        let details = problem == nil ? Array("{\"status\":\(status)}".utf8) : body
        let text = (isAlone ? "" : "with its request (\(batch.place)): ") + (problem?.text ?? "status \(status)")
        for line in batch.lines { refused(line.number, text, members: request, problem: details) }
    }

    /// Prints that the event on a line was refused because of another line of an atomic file.
    func refused(_ line: Int, for other: Int) {
        let detail = "line \(other) was refused"
        refused(
            line, detail, members: "",
            problem: Array(
                #"{"type":"urn:docket:problem:atomic","title":"another event of the atomic batch was refused","#.utf8)
                + Array(#""status":422,"detail":"\#(detail)"}"#.utf8))
    }

    private func refused(_ line: Int, _ text: String, members: String, problem: [UInt8]) {
        refused += 1
        guard printsJSON else { return Console.line("line \(line): refused: \(text)") }
        Console.line(
            Array("{\"line\":\(line),\"status\":\"refused\"\(members),\"problem\":".utf8) + problem + [0x7D])
    }

    /// Counts the events of a request that was sent but not answered. Prints nothing: only certain outcomes are
    /// printed.
    func unanswered(_ batch: AppendBatch) { unanswered += batch.lines.count }

    /// Prints a one-line summary to stderr.
    func summarize() {
        var parts = ["\(appended) \(isDryRun ? "would be appended" : "appended")"]
        if existing > 0 { parts.append("\(existing) there already") }
        if refused > 0 { parts.append("\(refused) refused") }
        if unanswered > 0 { parts.append("\(unanswered) not answered") }
        Console.message(parts.joined(separator: ", "))
    }

    private func text(of result: AppendResult, line: Int) -> String {
        if let problem = result.problem { return "line \(line): refused: \(problem.text)" }
        guard let sequence = result.sequence else { return "line \(line): \(result.status)" }
        let decisions = (result.decisions ?? []).map { "\($0.type) #\($0.sequence ?? 0)" }
        return "#\(sequence) \(result.status)" + (decisions.isEmpty ? "" : ": " + decisions.joined(separator: ", "))
    }
}

/// The service's result for one event.
struct AppendResult: Decodable {
    let sequence: UInt64?
    let status: String
    let decisions: [Decision]?
    let problem: ProblemDetails?

    struct Decision: Decodable {
        let sequence: UInt64?
        let type: String
        let rule: String?
        let because: String?
        let subject: String?
    }

    /// Decodes one element of the response's `events`.
    static func decode(_ json: some Collection<UInt8>) throws(ClientError) -> AppendResult {
        do { return try JSONDecoder().decode(AppendResult.self, from: Data(json)) } catch {
            throw ClientError(
                "the service's answer is not what this program expects: `\(String(decoding: json.prefix(200), as: UTF8.self))`"
            )
        }
    }
}

/// Finds members of compact JSON written by the service, without parsing values.
enum JSONElements {
    /// The elements of the array in member `name` of the outermost object.
    static func elements(of name: String, in bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        guard let start = value(of: name, in: bytes[...]), bytes[start.startIndex] == 0x5B else { return [] }
        return split(start.dropFirst().dropLast())
    }

    /// The text of member `name` of the outermost object.
    static func value(of name: String, in object: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard object.first == 0x7B, object.last == 0x7D else { return nil }
        let key = Array("\"\(name)\":".utf8)
        return split(object.dropFirst().dropLast()).first { $0.starts(with: key) }?.dropFirst(key.count)
    }

    /// Splits at the commas outside strings, objects and arrays.
    private static func split(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        var depth = 0
        var index = bytes.startIndex
        while index < bytes.endIndex {
            switch bytes[index] {
            case 0x22: index = endOfString(bytes, index)
            case 0x5B, 0x7B: depth += 1
            case 0x5D, 0x7D: depth -= 1
            case 0x2C where depth == 0:
                parts.append(bytes[start..<index])
                start = index + 1
            default: break
            }
            index += 1
        }
        if start < bytes.endIndex { parts.append(bytes[start...]) }
        return parts
    }

    private static func endOfString(_ bytes: ArraySlice<UInt8>, _ quote: Int) -> Int {
        var index = quote + 1
        while index < bytes.endIndex, bytes[index] != 0x22 { index += bytes[index] == 0x5C ? 2 : 1 }
        return min(index, bytes.endIndex - 1)
    }
}
