/// Prints one line for each event that was sent, and counts.
final class AppendReport {
    private let printsJSON: Bool
    private let isDryRun: Bool
    private var appended = 0
    private var existing = 0
    private(set) var refused = 0

    init(json: Bool, isDryRun: Bool = false) {
        printsJSON = json
        self.isDryRun = isDryRun
    }

    /// Prints the service's result for the event of a line.
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

    /// Prints what became of one event that was a request of its own.
    func answer(status: Int, body: [UInt8], line: [UInt8], number: Int) throws(ClientError) {
        if (200..<300).contains(status), let result = JSONElements.elements(of: "events", in: body).first {
            return try self.result(result, line: number)
        }
        var batch = AppendBatch()
        batch.add(line, number: number)
        refused(batch, status: status, body: body)
    }

    /// Prints that none of a request's events was taken.
    func refused(_ batch: AppendBatch, status: Int, body: [UInt8]) {
        refused += batch.lines.count
        let problem = ProblemDetails.decode(body)
        if printsJSON {
            let details = problem == nil ? Array("{\"status\":\(status)}".utf8) : body
            for line in batch.lines {
                Console.line(
                    Array("{\"line\":\(line.number),\"status\":\"refused\",\"problem\":".utf8) + details + [0x7D])
            }
        } else {
            Console.line("\(batch.place(pointer: problem?.pointer)): refused: \(problem?.text ?? "status \(status)")")
        }
    }

    /// One line about everything, to stderr.
    func summarize() {
        var parts = ["\(appended) \(isDryRun ? "would be appended" : "appended")"]
        if existing > 0 { parts.append("\(existing) there already") }
        if refused > 0 { parts.append("\(refused) refused") }
        Console.message(parts.joined(separator: ", "))
    }

    private func text(of result: AppendResult, line: Int) -> String {
        if let problem = result.problem { return "line \(line): refused: \(problem.text)" }
        guard let sequence = result.sequence else { return "line \(line): \(result.status)" }
        let decisions = (result.decisions ?? []).map { "\($0.type) #\($0.sequence ?? 0)" }
        return "#\(sequence) \(result.status)" + (decisions.isEmpty ? "" : ": " + decisions.joined(separator: ", "))
    }
}
