package import CEL
package import JSON

/// Recorded JSON as rules read it, in place; a node is the document's own node.
package final class JSONHost: DocumentHost, @unchecked Sendable {
    package let document: Document

    package init(_ document: Document) { self.document = document }

    package func kind(_ node: UInt32) -> HostKind { View(document: document, node: node).kind == .array ? .list : .map }

    package func count(_ node: UInt32) -> Int { View(document: document, node: node).count }

    package func member(_ node: UInt32, _ name: FieldName) -> Value? {
        unsafe name.utf8.withUnsafeBytes { unsafe View(document: document, node: node).member(utf8: $0) }.map(value)
    }

    package func element(_ node: UInt32, _ index: Int) -> Value? {
        let list = View(document: document, node: node)
        return index >= 0 && index < list.count ? value(list.element(index)) : nil
    }

    package func key(_ node: UInt32, at position: Int) -> Value {
        var seen = 0
        var found = Value.null
        View(document: document, node: node).forEachMember { key, _ in
            if seen == position { found = .string(key) }
            seen += 1
        }
        return found
    }

    @unsafe package func text(_ node: UInt32) -> UnsafeRawBufferPointer {
        let range = View(document: document, node: node).textRange
        return unsafe document.withBytes { bytes in unsafe UnsafeRawBufferPointer(rebasing: bytes[range]) }
    }

    /// The CEL value of a node: containers and strings stay in place, null is null.
    package func value(_ view: View) -> Value {
        switch view.kind {
        case .null: .null
        case .bool: .bool(view.bool ?? false)
        case .int: .int(view.int ?? 0)
        case .double: .double(view.double ?? 0)
        case .string: view.isPlainString ? .text(self, view.node) : .string(view.string ?? "")
        case .array, .object: .host(self, view.node)
        }
    }
}
