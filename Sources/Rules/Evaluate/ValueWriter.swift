import AgentKit

/// Writes values as canonical JSON of a declared type.
struct ValueWriter: ~Copyable {
    static let depthMax = 48
    /// Levels of what is copied as it is, those around it included: an entry that holds it must be readable.
    private static let copiedDepthMax = Limits.nestingLevelsMax - 8

    private var writer = CanonicalWriter(capacity: 1024)
    private var depth = 0
    /// The currency of the amounts in the record that is being written, as far as it has been noted.
    var currency: CurrencyCode?
    /// Indicates that an amount of no currency was noted in it.
    var holdsNothing = false
    /// The currency of the row that is being written as it is, which it says itself.
    private var rowCurrency: CurrencyCode?
    /// Indicates that every amount in values that are not JSON yet is written with its currency.
    private let tellsCurrencies: Bool

    /// - Parameter row: the currency of the row whose members are written.
    init(row: CurrencyCode? = nil, tells tellsCurrencies: Bool = false) {
        rowCurrency = row
        self.tellsCurrencies = tellsCurrencies
    }

    /// Returns what was written since the last call.
    mutating func takeBytes() -> [UInt8] {
        let bytes = unsafe writer.withBytes { unsafe [UInt8]($0) }
        writer.removeAll(keepingCapacity: true)
        return bytes
    }

    /// Forgets what was written.
    mutating func clear() {
        writer.removeAll(keepingCapacity: true)
        depth = 0
        forgetCurrency()
        rowCurrency = nil
    }

    mutating func beginObject() { writer.beginObject() }
    mutating func endObject() { writer.endObject() }
    mutating func beginArray() { writer.beginArray() }
    mutating func endArray() { writer.endArray() }
    mutating func key(_ utf8: [UInt8]) { unsafe utf8.withUnsafeBytes { unsafe writer.key(utf8: $0) } }
    mutating func raw(_ json: [UInt8]) { unsafe json.withUnsafeBytes { unsafe writer.raw($0) } }

    /// Writes one value.
    /// - Throws: `RuleFailure` where the value is an error or does not fit the type.
    mutating func write(_ value: Value, _ type: DeclaredType, _ constraint: Constraint?) throws(RuleFailure) {
        if case .error(let error) = value { throw RuleFailure(error) }
        switch type {
        case .string, .id: try text(value)
        case .oneOf(let values): try text(value, oneOf: values)
        case .int: try integer(value, constraint)
        case .money: try amount(value, constraint)
        case .double: try number(value)
        case .bool:
            guard case .bool(let flag) = value else { throw misfit(value, "true or false") }
            writer.bool(flag)
        case .timestamp: try timestamp(value)
        case .duration: try duration(value)
        case .dyn: try any(value)
        case .list(let element): try list(value, element, element.holdsAmounts ? constraint : nil)
        case .map(let content): try map(value, content)
        case .record(let schema): try record(value, schema)
        case .personal: try sealed(value)
        }
    }

    private func misfit(_ value: Value, _ wanted: String) -> RuleFailure {
        RuleFailure(.type, "must be \(wanted), is \(ValueKind.name(value))")
    }

    private mutating func text(_ value: Value) throws(RuleFailure) {
        switch value {
        case .string(let text): writer.string(text)
        case .text(let host, let node): unsafe writer.string(utf8: host.text(node))
        default: throw misfit(value, "a string")
        }
    }

    private mutating func text(_ value: Value, oneOf values: [String]) throws(RuleFailure) {
        let isNamed =
            switch value {
            case .string(let text): values.contains { $0.utf8.elementsEqual(text.utf8) }
            case .text(let host, let node): values.contains { unsafe $0.utf8.elementsEqual(host.text(node)) }
            default: false
            }
        guard isNamed else {
            throw RuleFailure(
                .type,
                "must be one of \(values.joined(separator: ", ")), is `\(value.stringValue ?? ValueKind.name(value))`")
        }
        try text(value)
    }

    private mutating func integer(_ value: Value, _ constraint: Constraint?) throws(RuleFailure) {
        let number: Int64
        switch value {
        case .int(let value): number = value
        case .uint(let value) where value <= UInt64(Limits.integerMagnitudeMax): number = Int64(value)
        default: throw misfit(value, "an integer")
        }
        guard number.magnitude <= Limits.integerMagnitudeMax.magnitude else {
            throw RuleFailure(.type, "`\(number)` is beyond 2^53 - 1")
        }
        if let problem = constraint?.problem(number) { throw RuleFailure(.type, problem) }
        writer.int(number)
    }

    private mutating func amount(_ value: Value, _ constraint: Constraint?) throws(RuleFailure) {
        guard case .money(let money) = value else { throw misfit(value, "money") }
        try note(money)
        try integer(.int(money.minorUnits), constraint)
    }

    mutating func writeCurrency(_ currency: CurrencyCode) {
        writer.key(RecordSchema.currencyName)
        writer.string(currency.text)
    }

    private mutating func number(_ value: Value) throws(RuleFailure) {
        switch value {
        case .int, .uint: try integer(value, nil)
        case .double(let number):
            do {
                try writer.double(number)
            } catch {
                throw RuleFailure(.type, "`\(number)` is no number of JSON")
            }
        default: throw misfit(value, "a number")
        }
    }

    private mutating func timestamp(_ value: Value) throws(RuleFailure) {
        switch value {
        case .timestamp(let timestamp): instant(Instant(milliseconds: timestamp.milliseconds))
        case .string, .text:
            guard let parsed = value.stringValue.flatMap({ Instant(rfc3339: $0) }) else {
                throw misfit(value, "a timestamp")
            }
            instant(parsed)
        default: throw misfit(value, "a timestamp")
        }
    }

    private mutating func instant(_ instant: Instant) {
        unsafe withUnsafeTemporaryAllocation(byteCount: 24, alignment: 1) { buffer in
            unsafe instant.write(into: buffer)
            unsafe writer.string(utf8: UnsafeRawBufferPointer(buffer))
        }
    }

    private mutating func duration(_ value: Value) throws(RuleFailure) {
        switch value {
        case .duration(let duration): writer.string(SecondsText.text(nanoseconds: duration.nanos))
        case .string, .text:
            guard let nanos = value.stringValue.flatMap(SecondsText.nanoseconds) else {
                throw misfit(value, "a duration")
            }
            writer.string(SecondsText.text(nanoseconds: nanos))
        default: throw misfit(value, "a duration")
        }
    }

    private mutating func enter() throws(RuleFailure) {
        depth += 1
        guard depth <= Self.depthMax else { throw RuleFailure(.size, "nested deeper than \(Self.depthMax) levels") }
    }
}

extension ValueWriter {
    /// The view behind a value of an entry or another JSON document.
    private func view(_ value: Value) -> View? {
        guard case .host(let host, let node) = value else { return nil }
        if let entry = host as? EntryHost { return View(document: entry.document, node: node) }
        return (host as? any DocumentHost).map { View(document: $0.document, node: node) }
    }

    /// Lets a host write itself; only where it is certain that what it writes fits.
    private mutating func writeHost(_ value: Value, _ type: DeclaredType) -> Bool {
        guard case .host(let host, let node) = value, !(host is EntryHost), !tellsCurrencies,
            let writable = host as? any JSONWritableHost
        else { return false }
        switch type {
        case .dyn: break
        case .list(.record(let schema)):
            guard node == 0, schema.name == "event." + writable.listedRecord else { return false }
        default: return false
        }
        return writable.writeCanonical(node, into: &writer)
    }

    /// Copies the bytes of a JSON value that fits as it is. Rows that rules fold into one another could be nested ever
    /// deeper.
    private mutating func copy(_ value: Value, _ type: DeclaredType) throws(RuleFailure) -> Bool {
        guard type.isCopiedAsWritten, let view = view(value), DataCheck(.recorded).fits(view, type) else {
            return false
        }
        if type.holdsAnything, !view.isNested(atMost: Self.copiedDepthMax - depth) {
            throw RuleFailure(.size, "nested deeper than \(Self.copiedDepthMax) levels")
        }
        if type.borrowsCurrency, view.count > 0 {
            guard let code = JSONNodes.currency(view.document, view.node) else { return false }
            try note(code)
        }
        unsafe view.withCanonicalBytes { unsafe writer.raw($0) }
        return true
    }

    private mutating func list(
        _ value: Value, _ element: DeclaredType, _ constraint: Constraint? = nil
    ) throws(RuleFailure) {
        if writeHost(value, .list(element)) { return }
        if try copy(value, .list(element)) { return }
        try enter()
        writer.beginArray()
        switch value {
        case .list(let elements): for item in elements { try write(item, element, constraint) }
        case .host(let host, let node) where host.kind(node) == .list:
            for index in 0..<host.count(node) {
                guard let item = host.element(node, index) else { break }
                try write(item, element, constraint)
            }
        default: throw misfit(value, "a list")
        }
        writer.endArray()
        depth -= 1
    }

    private mutating func map(_ value: Value, _ content: DeclaredType) throws(RuleFailure) {
        if try copy(value, .map(content)) { return }
        try enter()
        writer.beginObject()
        let around = rowCurrency
        if case .dyn = content, !tellsCurrencies, case .host(let host, let node) = value {
            rowCurrency = host.currency(node)
        }
        for (name, item) in try entries(value) {
            writer.key(name)
            try write(item, content, nil)
        }
        rowCurrency = around
        writer.endObject()
        depth -= 1
    }

    /// The entries of a map in the order of RFC 8785.
    private func entries(_ value: Value) throws(RuleFailure) -> [(String, Value)] {
        var entries: [(String, Value)] = []
        switch value {
        case .map(let map):
            for (key, item) in zip(map.keys, map.values) {
                guard let name = key.stringValue else { throw misfit(key, "a string as key") }
                entries.append((name, item))
            }
        case .host(let host, let node) where host.kind(node) == .map:
            for position in 0..<host.count(node) {
                let key = host.key(node, at: position)
                guard let name = key.stringValue, let item = host.member(node, key: key) else { break }
                entries.append((name, item))
            }
        default: throw misfit(value, "an object")
        }
        let isSorted = zip(entries, entries.dropFirst()).allSatisfy { JCS.precedes($0.0, $1.0) }
        return isSorted ? entries : entries.sorted { JCS.precedes($0.0, $1.0) }
    }

    /// The entries of a map as members of a record; amounts in a host's map with their currency.
    private func entries(_ value: Value, _ schema: RecordSchema) throws(RuleFailure) -> [(String, Value)] {
        let entries = try entries(value)
        guard schema.amounts.count > 0, case .host(let host, let node) = value else { return entries }
        return entries.map { name, item in
            (name, schema.amounts.contains(name) ? item.amounts(of: host, node) : item)
        }
    }

    private mutating func record(_ value: Value, _ schema: RecordSchema) throws(RuleFailure) {
        if try copy(value, .record(schema)) { return }
        try enter()
        writer.beginObject()
        var position = 0
        let entries = try entries(value, schema)
        let around = schema.hasCurrency ? enterCurrency() : nil
        if around != nil { try note(entries, schema) }
        for member in schema.members {
            let isGiven = position < entries.count && entries[position].0.utf8.elementsEqual(member.utf8)
            if schema.isBrought(member) {
                try broughtCurrency(isOptional: member.isOptional)
                if isGiven { position += 1 }
                continue
            }
            guard isGiven else {
                if member.isOptional { continue }
                throw RuleFailure(.type, "missing member `\(member.name)`")
            }
            writer.key(member.name)
            try write(entries[position].1, member.type, member.constraint)
            position += 1
        }
        guard position == entries.count else {
            throw RuleFailure(.type, "unknown member `\(entries[position].0)`")
        }
        if let around { try leaveCurrency(around) }
        writer.endObject()
        depth -= 1
    }

    private mutating func sealed(_ value: Value) throws(RuleFailure) {
        guard try copy(value, .personal(.dyn)) else { throw misfit(value, "a sealed field") }
    }

    /// An amount where nothing beside it says the currency.
    private mutating func parts(_ money: Money) throws(RuleFailure) {
        writer.beginObject()
        writeCurrency(money.currency)
        writer.key("minorUnits")
        try integer(.int(money.minorUnits), nil)
        writer.endObject()
    }

    private mutating func any(_ value: Value) throws(RuleFailure) {
        switch value {
        case .null: writer.null()
        case .bool(let flag): writer.bool(flag)
        case .int, .uint: try integer(value, nil)
        case .money(let money):
            if money.currency == rowCurrency { try integer(.int(money.minorUnits), nil) } else { try parts(money) }
        case .double: try number(value)
        case .string, .text: try text(value)
        case .timestamp: try timestamp(value)
        case .duration: try duration(value)
        case .list: try list(value, .dyn)
        case .map: try map(value, .dyn)
        case .host(let host, let node):
            if writeHost(value, .dyn) { return }
            if host.kind(node) == .list { try list(value, .dyn) } else { try map(value, .dyn) }
        case .error(let error): throw RuleFailure(error)
        default: throw misfit(value, "a value of JSON")
        }
    }
}

extension View {
    /// Returns true if the value nests at most that many levels of lists and objects, itself included.
    fileprivate func isNested(atMost levels: Int) -> Bool {
        guard kind == .array || kind == .object else { return true }
        guard levels > 0 else { return false }
        for child in children where !child.isNested(atMost: levels - 1) { return false }
        return true
    }
}
