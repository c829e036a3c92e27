package import CEL
package import JSON

/// The nodes of a JSON document as CEL reads them, for a host that holds the document.
package enum JSONNodes {
    /// Whether a node is a list; anything else reads as a map.
    package static func kind(_ document: Document, _ node: UInt32) -> HostKind {
        document.kind(of: node) == .array ? .list : .map
    }

    /// A node as CEL reads it; texts without escapes stay where they are.
    package static func value(_ host: any HostObject, _ document: Document, _ node: UInt32) -> Value {
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

    /// The element of a list, or nil past its end.
    package static func element(_ host: any HostObject, _ document: Document, _ node: UInt32, _ index: Int) -> Value? {
        guard index >= 0, index < document.count(of: node) else { return nil }
        return value(host, document, View(document: document, node: node).element(index).node)
    }

    /// The name of a member by its position in document order.
    package static func key(_ document: Document, _ node: UInt32, _ position: Int) -> Value {
        .string(document.child(of: node, at: position).flatMap { document.name(of: $0) } ?? "")
    }

    /// The code in the member `currency` of a node, or of the nearest node around it that has one; nil where none has, or it
    /// is no code.
    package static func currency(_ document: Document, _ node: UInt32) -> CurrencyCode? {
        if let own = document.member(of: node, "currency") { return code(document, own) }
        var nearest: UInt32?
        var around: UInt32 = 0
        while around != node {
            if let found = document.member(of: around, "currency") { nearest = found }
            var child = around + 1
            while document.nodeAfter(child) <= node { child = document.nodeAfter(child) }
            around = child
        }
        return nearest.flatMap { code(document, $0) }
    }

    private static func code(_ document: Document, _ node: UInt32) -> CurrencyCode? {
        guard document.kind(of: node) == .string else { return nil }
        return unsafe document.withText(of: node) { unsafe CurrencyCode($0) }
    }

    /// The text of a string without escapes; the bytes live as long as the document.
    @unsafe package static func text(_ document: Document, _ node: UInt32) -> UnsafeRawBufferPointer {
        unsafe document.withText(of: node) { unsafe $0 }
    }
}
