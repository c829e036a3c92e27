/// Writer of JSON. Its texts must need no escaping.
struct JSONText {
    private(set) var bytes: [UInt8] = []

    var isEmpty: Bool { bytes.isEmpty }

    /// Removes all that was written.
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func put(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func put(_ text: [UInt8]) { bytes.append(contentsOf: text) }

    mutating func put(_ number: Int) {
        if number < 0 { bytes.append(0x2D) }
        var rest = number.magnitude
        guard rest >= 10 else { return bytes.append(0x30 + UInt8(rest)) }
        let start = bytes.count
        while rest > 0 {
            bytes.append(0x30 + UInt8(rest % 10))
            rest /= 10
        }
        bytes[start...].reverse()
    }

    // MARK: Members and elements, with commas between them

    /// Writes the name of a member, whose value is to follow.
    mutating func name(_ name: StaticString) {
        separate()
        put("\"")
        put(name)
        put("\":")
    }

    mutating func member(_ name: StaticString, _ value: String) {
        self.name(name)
        quote(value)
    }

    mutating func member(_ name: StaticString, _ value: Ident) {
        self.name(name)
        quote(value)
    }

    mutating func member(_ name: StaticString, _ value: Int) {
        self.name(name)
        put(value)
    }

    mutating func member(_ name: StaticString, _ value: Bool) {
        self.name(name)
        put(value ? "true" : "false")
    }

    /// Writes a decimal given in hundredths.
    mutating func member(_ name: StaticString, hundredths: Int) {
        self.name(name)
        put(hundredths / 100)
        let rest = hundredths % 100
        if rest > 0 {
            put(rest < 10 ? ".0" : ".")
            put(rest % 10 == 0 ? rest / 10 : rest)
        }
    }

    mutating func member(_ name: StaticString, _ values: [String]) {
        list(name) { json in
            for value in values {
                json.separate()
                json.quote(value)
            }
        }
    }

    /// Writes a list whose elements `body` writes.
    mutating func list(_ name: StaticString, _ body: (inout JSONText) -> Void) {
        self.name(name)
        put("[")
        body(&self)
        put("]")
    }

    /// Writes an object whose members `body` writes.
    mutating func object(_ name: StaticString, _ body: (inout JSONText) -> Void) {
        self.name(name)
        put("{")
        body(&self)
        put("}")
    }

    /// Writes an element of a list that is an object.
    mutating func element(_ body: (inout JSONText) -> Void) {
        separate()
        put("{")
        body(&self)
        put("}")
    }

    /// Writes an element of a list that is an id.
    mutating func element(_ id: Ident) {
        separate()
        quote(id)
    }

    mutating func quote(_ text: String) {
        put("\"")
        put(text)
        put("\"")
    }

    mutating func quote(_ id: Ident) {
        put("\"")
        put(id.prefix)
        put(id.number)
        if let part = id.part {
            put(":")
            put(part)
        }
        put("\"")
    }

    /// Writes a comma, unless this is the first of a list or an object.
    private mutating func separate() {
        if let last = bytes.last, last != 0x7B, last != 0x5B { bytes.append(0x2C) }
    }
}
