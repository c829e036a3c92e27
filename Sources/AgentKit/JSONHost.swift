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
