import AgentKit

/// A JSON document read in place.
final class JSONHost: DocumentHost, @unchecked Sendable {
    let document: Document

    init(_ document: Document) { self.document = document }

    func kind(_ node: UInt32) -> HostKind { Self.kind(document, node) }
    func count(_ node: UInt32) -> Int { document.count(of: node) }
    func member(_ node: UInt32, _ name: FieldName) -> Value? {
        let child = unsafe name.utf8.withUnsafeBytes { unsafe document.member(of: node, utf8: $0) }
        return child.map { Self.value(self, document, $0) }
    }
    func element(_ node: UInt32, _ index: Int) -> Value? { Self.element(self, document, node, index) }
    func key(_ node: UInt32, at position: Int) -> Value { Self.key(document, node, position) }
    @unsafe func text(_ node: UInt32) -> UnsafeRawBufferPointer { unsafe Self.text(document, node) }
}

extension JSONHost {
    static func kind(_ document: Document, _ node: UInt32) -> HostKind {
        document.kind(of: node) == .array ? .list : .map
    }

    /// A node as CEL reads it; texts without escapes stay where they are.
    static func value(_ host: any HostObject, _ document: Document, _ node: UInt32) -> Value {
        switch document.kind(of: node) {
        case .null: .null
        case .bool: .bool(document.bool(of: node) ?? false)
        case .int: .int(document.int(of: node) ?? 0)
        case .double: .double(document.double(of: node) ?? 0)
        case .string:
            document.isPlainString(node) ? .text(host, node) : .string(document.string(of: node) ?? "")
        case .array, .object: .host(host, node)
        }
    }

    static func element(_ host: any HostObject, _ document: Document, _ node: UInt32, _ index: Int) -> Value? {
        guard index >= 0, index < document.count(of: node) else { return nil }
        return value(host, document, View(document: document, node: node).element(index).node)
    }

    static func key(_ document: Document, _ node: UInt32, _ position: Int) -> Value {
        .string(View(document: document, node: node).element(position).name ?? "")
    }

    /// The bytes live as long as the document.
    @unsafe static func text(_ document: Document, _ node: UInt32) -> UnsafeRawBufferPointer {
        unsafe document.withText(of: node) { unsafe $0 }
    }
}
