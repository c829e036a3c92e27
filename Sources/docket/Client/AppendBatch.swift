/// Some lines of the input that are sent as one request.
struct AppendBatch {
    /// The service takes no more events in one request.
    static let eventsMax = 10_000
    /// The service takes no larger body.
    static let bodyBytesMax = 16 << 20

    private(set) var lines: [(number: Int, text: [UInt8])] = []
    private var bytes = 0

    var isEmpty: Bool { lines.isEmpty }

    /// Whether the line still fits beside the others.
    func hasRoom(for line: [UInt8], eventsMax: Int) -> Bool {
        lines.count < eventsMax && bytes + line.count + 2 <= Self.bodyBytesMax
    }

    mutating func add(_ line: [UInt8], number: Int) {
        lines.append((number, line))
        bytes += line.count + 1
    }

    /// One event as it is, several as a JSON array.
    var body: [UInt8] {
        if lines.count == 1 { return lines[0].text }
        var body: [UInt8] = [0x5B]
        body.reserveCapacity(bytes + 2)
        for (index, line) in lines.enumerated() {
            if index > 0 { body.append(0x2C) }
            body.append(contentsOf: line.text)
        }
        body.append(0x5D)
        return body
    }

    var contentType: String {
        lines.count == 1 ? "application/cloudevents+json" : "application/cloudevents-batch+json"
    }

    /// `line 7`, or `lines 7 to 16`.
    var place: String {
        let first = lines.first?.number ?? 0, last = lines.last?.number ?? 0
        return first == last ? "line \(first)" : "lines \(first) to \(last)"
    }

    /// Its first and its second half, as batches of their own.
    var halves: [AppendBatch] {
        let middle = lines.count / 2
        return [lines[..<middle], lines[middle...]].map { part in
            var half = AppendBatch()
            for line in part { half.add(line.text, number: line.number) }
            return half
        }
    }
}
