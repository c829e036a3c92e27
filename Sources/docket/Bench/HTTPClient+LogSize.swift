extension HTTPClient {
    /// The number of entries in the service's log, by its newest checkpoint.
    func logSize() throws(ClientError) -> Int {
        let answer = try send("GET", "/v1/checkpoint")
        let lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\n")
        guard answer.isSuccess, lines.count > 1, let size = Int(lines[1]) else {
            throw ClientError("the service gave no checkpoint (status \(answer.status))")
        }
        return size
    }
}
