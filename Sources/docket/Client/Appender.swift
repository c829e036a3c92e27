import Glibc

/// Sends the lines of a file to the service and reports what became of each.
struct Appender {
    /// How often a request is sent again while the service asks for patience.
    static let triesMax = 20

    let client: HTTPClient
    var isAtomic = false
    var isDryRun = false
    let report: AppendReport

    /// Reads everything from `reader` and sends it in batches of up to `batch` events.
    func send(_ reader: LineReader, batch eventsMax: Int) throws {
        var batch = AppendBatch()
        while let line = try reader.next() {
            if !batch.isEmpty, !batch.hasRoom(for: line, eventsMax: eventsMax) {
                try requireNotAtomic(reader.number)
                try send(batch)
                batch = AppendBatch()
            }
            batch.add(line, number: reader.number)
            if batch.lines.count == eventsMax, !isAtomic {
                try send(batch)
                batch = AppendBatch()
            }
        }
        if !batch.isEmpty { try send(batch) }
    }

    private func requireNotAtomic(_ line: Int) throws(Failure) {
        guard isAtomic else { return }
        throw Failure(
            .couldNotRun, "line \(line): an atomic request has at most \(AppendBatch.eventsMax) events and 16 MiB")
    }

    private func send(_ batch: AppendBatch) throws {
        let answer = try answer(to: batch)
        if answer.isSuccess {
            let results = JSONElements.elements(of: "events", in: answer.body)
            guard results.count == batch.lines.count else {
                throw ClientError("\(batch.lines.count) events were sent, \(results.count) were answered")
            }
            for (line, result) in zip(batch.lines, results) { try report.result(result, line: line.number) }
        } else {
            report.refused(batch, status: answer.status, body: answer.body)
            if answer.status == 401 || answer.status == 403 {
                throw Failure(.refused, "the service does not allow this")
            }
        }
    }

    /// Sends until the service has time. A request that was not answered may be sent again: events are applied once.
    private func answer(to batch: AppendBatch) throws -> HTTPClient.Answer {
        let body = batch.body
        for _ in 1..<Self.triesMax {
            let answer = try client.send("POST", target, contentType: batch.contentType, body: body)
            guard answer.status == 503 || answer.status == 429 else { return answer }
            sleep(UInt32(clamping: max(1, answer.retryAfter ?? 1)))
        }
        return try client.send("POST", target, contentType: batch.contentType, body: body)
    }

    private var target: String {
        var parameters: [String] = []
        if isAtomic { parameters.append("atomic=true") }
        if isDryRun { parameters.append("dryRun=true") }
        return "/v1/events" + (parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&"))
    }
}
