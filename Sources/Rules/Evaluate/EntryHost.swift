import AgentKit

/// The entry whose rules run, read in place. One host serves one evaluator: the entry is exchanged, not the host.
final class EntryHost: DocumentHost, @unchecked Sendable {
    private(set) var document = Document.emptyObject
    private var time = Instant.earliest
    private var recordedTime = Value.null
    private var data: Value?
    /// The element of a list that was read last: the next one stands behind it.
    private var cursor = (list: UInt32.max, index: 0, node: UInt32(0))
    private static let empty = JSONHost(Document.emptyObject)
    private static let recordedTimeName = Array("recordedtime".utf8)
    private static let dataName = Array("data".utf8)

    func enter(_ event: Event) {
        if document === event.document, time == event.recordedTime { return }
        document = event.document
        cursor.list = .max
        data = document.member(of: 0, "data").map { JSONNodes.value(self, document, $0) } ?? .host(Self.empty, 0)
        time = event.recordedTime
        recordedTime = Timestamp(milliseconds: event.recordedTime.milliseconds).map { .timestamp($0) } ?? .null
    }

    func kind(_ node: UInt32) -> HostKind { JSONNodes.kind(document, node) }
    func count(_ node: UInt32) -> Int { document.count(of: node) }

    func member(_ node: UInt32, _ name: FieldName) -> Value? {
        if node == 0 {
            if name.utf8.count == 4, name.utf8 == Self.dataName { return data }
            if name.utf8.count == 12, name.utf8 == Self.recordedTimeName { return recordedTime }
        }
        let child = unsafe name.utf8.withUnsafeBytes { unsafe document.member(of: node, utf8: $0) }
        return child.map { JSONNodes.value(self, document, $0) }
    }

    func currency(_ node: UInt32) -> CurrencyCode? { JSONNodes.currency(document, node) }

    func element(_ node: UInt32, _ index: Int) -> Value? {
        let isNext = cursor.list == node && cursor.index == index - 1 && index < document.count(of: node)
        guard let element = isNext ? document.nodeAfter(cursor.node) : document.child(of: node, at: index) else {
            return nil
        }
        cursor = (node, index, element)
        return JSONNodes.value(self, document, element)
    }

    func key(_ node: UInt32, at position: Int) -> Value { JSONNodes.key(document, node, position) }
    @unsafe func text(_ node: UInt32) -> UnsafeRawBufferPointer { unsafe JSONNodes.text(document, node) }
}

/// A projection as a map from key to row.
final class ProjectionHost: HostObject, @unchecked Sendable {
    private let table: AnyTable
    private let locals: RuleLocals
    /// Rows that the rule set itself gives, for keys that the projection does not have.
    private let given: [String: Value]
    /// The keys in order, collected when something iterates over the whole, and the evaluation in which they were.
    private var keys: [String] = []
    private var stamp: UInt64 = 0

    init(_ table: AnyTable, _ locals: RuleLocals, given: [String: Value] = [:]) {
        self.table = table
        self.locals = locals
        self.given = given
    }

    func count(_ node: UInt32) -> Int { collected().count }
    func member(_ node: UInt32, _ name: FieldName) -> Value? { member(node, key: .string(name.text)) }

    func member(_ node: UInt32, key: Value) -> Value? {
        if let row = row(key) { return .host(row, 0) }
        return given.isEmpty ? nil : key.stringValue.flatMap { given[$0] }
    }

    func contains(_ node: UInt32, key: Value) -> Bool {
        row(key) != nil || !given.isEmpty && key.stringValue.map { given[$0] != nil } ?? false
    }

    func key(_ node: UInt32, at position: Int) -> Value {
        let keys = collected()
        return position < keys.count ? .string(keys[position]) : .null
    }

    private func row(_ key: Value) -> RowHost? {
        switch key {
        case .string(let text): unsafe KeyIndex.withBytes(of: text) { unsafe table.host($0) }
        case .text(let host, let node): unsafe table.host(host.text(node))
        default: nil
        }
    }

    private func collected() -> [String] {
        if stamp == locals.stamp { return keys }
        var all: [String] = []
        table.forEachKey { key in
            all.append(key)
            return true
        }
        for key in given.keys where !table.contains(key) { all.append(key) }
        if !given.isEmpty { all.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
        keys = all
        stamp = locals.stamp
        return all
    }
}

/// A declared table as rules see it: a map from key to row.
final class RecordTableHost: HostObject, @unchecked Sendable {
    private let table: DeclaredTable
    private let locals: RuleLocals
    /// The keys in order, collected when something iterates over the whole, and the evaluation in which they were.
    private var keys: [String] = []
    private var stamp: UInt64 = 0

    init(_ table: DeclaredTable, _ locals: RuleLocals) {
        self.table = table
        self.locals = locals
    }

    func count(_ node: UInt32) -> Int { collected().count }
    func member(_ node: UInt32, _ name: FieldName) -> Value? { member(node, key: .string(name.text)) }
    func member(_ node: UInt32, key: Value) -> Value? { row(key).map { .host($0, 0) } }
    func contains(_ node: UInt32, key: Value) -> Bool { row(key) != nil }

    func key(_ node: UInt32, at position: Int) -> Value {
        let keys = collected()
        return position < keys.count ? .string(keys[position]) : .null
    }

    private func row(_ key: Value) -> JSONHost? {
        switch key {
        case .string(let text): table.rows?.row(text)
        case .text(let host, let node): unsafe table.rows?.row(host.text(node))
        default: nil
        }
    }

    private func collected() -> [String] {
        if stamp == locals.stamp { return keys }
        var all: [String] = []
        table.rows?.forEachKey { key in
            all.append(key)
            return true
        }
        keys = all
        stamp = locals.stamp
        return all
    }
}
