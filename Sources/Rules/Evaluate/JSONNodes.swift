import AgentKit

/// The nodes of a JSON document as CEL reads them, for a host that holds the document.
enum JSONNodes {
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
