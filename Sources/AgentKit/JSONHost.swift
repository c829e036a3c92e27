package import CEL
package import JSON

/// Recorded JSON as rules read it, in place; a node is the document's own node.
package final class JSONHost: DocumentHost, @unchecked Sendable {
    package let document: Document

    package init(_ document: Document) { self.document = document }

    package func kind(_ node: UInt32) -> HostKind { JSONNodes.kind(document, node) }

    package func count(_ node: UInt32) -> Int { document.count(of: node) }

    package func member(_ node: UInt32, _ name: FieldName) -> Value? {
        let child = unsafe name.utf8.withUnsafeBytes { unsafe document.member(of: node, utf8: $0) }
        return child.map { JSONNodes.value(self, document, $0) }
    }

    package func currency(_ node: UInt32) -> CurrencyCode? { JSONNodes.currency(document, node) }

    package func element(_ node: UInt32, _ index: Int) -> Value? { JSONNodes.element(self, document, node, index) }

    package func key(_ node: UInt32, at position: Int) -> Value { JSONNodes.key(document, node, position) }

    @unsafe package func text(_ node: UInt32) -> UnsafeRawBufferPointer { unsafe JSONNodes.text(document, node) }

    /// The CEL value of a node: containers and strings stay in place, null is null.
    package func value(_ view: View) -> Value { JSONNodes.value(self, document, view.node) }
}

/// A host whose nodes are those of one JSON document, so that functions can read it without going through values.
package protocol DocumentHost: HostObject {
    /// The document as it is while the evaluation runs.
    var document: Document { get }
}

/// A host object that can write itself as canonical JSON faster than by being walked member by member.
package protocol JSONWritableHost: HostObject {
    /// The declared record (`posted` for `_posted`) that every element of node 0, a list, is certain to fit.
    var listedRecord: String { get }

    /// Writes the node in RFC 8785 form; false, having written nothing, where that must be done by walking.
    func writeCanonical(_ node: UInt32, into writer: inout CanonicalWriter) -> Bool
}

/// The nodes of a JSON document as CEL reads them, for a host that holds the document.
package enum JSONNodes {
    /// The kind of a node: a list, or else a map.
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

    /// The code in the member `currency` of a node, or of the nearest node around it that has one; nil where none has,
    /// or it is not a code.
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
