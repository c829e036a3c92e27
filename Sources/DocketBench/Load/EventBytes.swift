/// CloudEvents written one behind the other, as the client of a benchmark sends them.
struct EventBytes {
    private var json = JSONText()
    private let run: String

    /// - Parameter run: makes the ids of this run differ from those of others.
    init(run: String) { self.run = run }

    var bytes: [UInt8] { json.bytes }

    /// Adds an event whose data is written by `data`: the members, without braces.
    mutating func add(_ type: StaticString, id: Int, _ data: (inout JSONText) -> Void) {
        if !json.isEmpty { json.put(",") }
        json.put("{\"specversion\":\"1.0\",\"id\":\"")
        json.put(run)
        json.put("-")
        json.put(id)
        json.put("\",\"source\":\"/bench\",\"type\":\"")
        json.put(type)
        json.put("\",\"datacontenttype\":\"application/json\",\"data\":{")
        data(&json)
        json.put("}}")
    }

    /// Starts again with no event.
    mutating func removeAll() { json.removeAll() }
}
