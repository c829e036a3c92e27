/// CloudEvents written one behind the other, as the client of a benchmark sends them.
struct EventBytes {
    private(set) var bytes: [UInt8] = []
    private let run: String

    /// - Parameter run: makes the ids of this run differ from those of others.
    init(run: String) { self.run = run }

    /// Adds an event whose data is written by `data`: the members, without braces.
    mutating func add(_ type: StaticString, id: Int, _ data: (inout EventBytes) -> Void) {
        if !bytes.isEmpty { put(",") }
        put("{\"specversion\":\"1.0\",\"id\":\"")
        put(run)
        put("-")
        put(id)
        put("\",\"source\":\"/bench\",\"type\":\"")
        put(type)
        put("\",\"datacontenttype\":\"application/json\",\"data\":{")
        data(&self)
        put("}}")
    }

    /// Starts again with no event.
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func put(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func put(_ number: Int) {
        guard number >= 10 else { return bytes.append(0x30 + UInt8(number)) }
        let start = bytes.count
        var rest = number
        while rest > 0 {
            bytes.append(0x30 + UInt8(rest % 10))
            rest /= 10
        }
        bytes[start...].reverse()
    }
}
