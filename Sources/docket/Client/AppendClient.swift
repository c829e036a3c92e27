import CommandKit
import Glibc
import Service

/// Sends the lines of a file to the service and reports the outcome of each.
struct AppendClient {
    /// The number of times a request is sent while the service answers 429 or 503.
    static let triesMax = 20

    let client: HTTPClient
    var isAtomic = false
    var isDryRun = false
    let report: AppendReport

    /// Reads all lines and sends them in batches of up to `eventsMax` events.
    /// - Throws: `Failure` if a line cannot be read, `ClientError` if the service cannot be reached or does not answer.
    func send(_ reader: LineReader, batch eventsMax: Int) throws {
        if isAtomic { return try sendWhole(reader, eventsMax: eventsMax) }
        var batch = AppendBatch()
        while let line = try next(reader, or: batch) {
            // Such a line would make the whole request malformed, or become part of another event; on its own it is
            // refused.
            let isAlone = !EventLine.isJSON(line)
            if isAlone || !batch.hasRoom(for: line, eventsMax: eventsMax) {
                try flush(&batch)
            }
            batch.add(line, number: reader.number)
            if isAlone || batch.lines.count == eventsMax { try flush(&batch) }
        }
        try flush(&batch)
    }

    /// The next line. If it cannot be read, the lines before it are still sent.
    private func next(_ reader: LineReader, or batch: AppendBatch) throws -> [UInt8]? {
        do throws(Failure) { return try reader.next() } catch {
            var batch = batch
            try flush(&batch)
            throw error
        }
    }

    private func flush(_ batch: inout AppendBatch) throws {
        guard !batch.isEmpty else { return }
        defer { batch = AppendBatch() }
        try send(batch)
    }

    private func send(_ batch: AppendBatch) throws {
        let answer = try answer(to: batch)
        let results = JSONElements.elements(of: "events", in: answer.body)
        if results.count == batch.lines.count {
            for (line, result) in zip(batch.lines, results) { try report.result(result, line: line.number) }
        } else if answer.isSuccess {
            throw ClientError("\(batch.lines.count) events were sent, \(results.count) were answered")
        } else if answer.status == 400 || answer.status == 413, !isAtomic, batch.lines.count > 1 {
            // One event is at fault, or their number: the others go on without it.
            for half in batch.halves { try send(half) }
        } else {
            report.refused(batch, status: answer.status, body: answer.body)
        }
    }

    // MARK: Atomic requests

    private func sendWhole(_ reader: LineReader, eventsMax: Int) throws {
        var batch = AppendBatch()
        var unreadable: Set<Int> = []
        while let line = try reader.next() {
            guard batch.hasRoom(for: line, eventsMax: eventsMax) else {
                throw Failure(
                    .couldNotRun,
                    "line \(reader.number): an atomic request has at most \(AppendBatch.eventsMax) events and 16 MiB")
            }
            batch.add(line, number: reader.number)
            if !EventLine.isJSON(line) { unreadable.insert(reader.number) }
        }
        guard let first = unreadable.min() else { return try flush(&batch) }
        for line in batch.lines {
            guard unreadable.contains(line.number) else {
                report.refused(line.number, for: first)
                continue
            }
            // The service says what is wrong with the line; nothing is kept.
            var alone = AppendBatch()
            alone.add(line.text, number: line.number)
            try AppendClient(client: client, isDryRun: true, report: report).send(alone)
        }
    }

    // MARK: Requests

    /// Sends a batch until the service accepts the request. Unanswered requests can be sent again: each event is
    /// applied once.
    private func answer(to batch: AppendBatch) throws -> HTTPClient.Answer {
        let body = batch.body
        do throws(ClientError) {
            for _ in 1..<Self.triesMax {
                let answer = try client.send("POST", target, contentType: batch.contentType, body: body)
                guard answer.status == 503 || answer.status == 429 else { return answer }
                sleep(UInt32(clamping: max(1, answer.retryAfter ?? 1)))
            }
            return try client.send("POST", target, contentType: batch.contentType, body: body)
        } catch {
            guard error.wasSent else {
                throw ClientError("\(error); \(batch.place) and what follows were not sent")
            }
            report.unanswered(batch)
            throw ClientError(
                "\(error); \(batch.place) may be appended or not, what follows was not sent: send the file again, what "
                    + "the ledger holds is not applied twice")
        }
    }

    private var target: String {
        var parameters: [String] = []
        if isAtomic { parameters.append("atomic=true") }
        if isDryRun { parameters.append("dryRun=true") }
        return "/v1/events" + (parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&"))
    }
}

/// Lines of the input that are sent as one request.
struct AppendBatch {
    /// The largest number of events the service takes in one request.
    static let eventsMax = 10_000
    /// The largest body the service takes.
    static let bodyBytesMax = 16 << 20

    private(set) var lines: [(number: Int, text: [UInt8])] = []
    private var bytes = 0

    var isEmpty: Bool { lines.isEmpty }

    /// Returns true if the line still fits into the request.
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

    /// The first and the second half, as batches of their own.
    var halves: [AppendBatch] {
        let middle = lines.count / 2
        return [lines[..<middle], lines[middle...]].map { part in
            var half = AppendBatch()
            for line in part { half.add(line.text, number: line.number) }
            return half
        }
    }
}
