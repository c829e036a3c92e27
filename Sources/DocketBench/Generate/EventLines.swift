/// The events of a history: one CloudEvent a line.
struct EventLines {
    private(set) var json = JSONText()
    private(set) var count = 0

    /// Adds an event whose data `data` puts.
    mutating func add(
        _ type: StaticString, from source: StaticString, about subject: EventSubject, at time: HistoryTime,
        _ data: (inout JSONText) -> Void
    ) {
        count += 1
        json.put("{\"specversion\":\"1.0\",\"id\":\"m-")
        json.put(count)
        json.put("\",\"source\":\"")
        json.put(source)
        json.put("\",\"type\":\"")
        json.put(type)
        json.put("\",\"subject\":")
        switch subject {
        case .id(let id): json.quote(id)
        case .text(let text): json.quote(text)
        }
        json.put(",\"time\":\"")
        time.put(in: &json)
        json.put("\",\"datacontenttype\":\"application/json\",\"data\":{")
        data(&json)
        json.put("}}\n")
    }

    /// Takes what was added so far, once there is much of it or at the end.
    mutating func take(isLast: Bool) -> [UInt8]? {
        guard !json.isEmpty, isLast || json.bytes.count >= Self.bytesTaken else { return nil }
        defer { json.removeAll() }
        return json.bytes
    }

    private static let bytesTaken = 1 << 20
}
