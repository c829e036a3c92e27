extension View {
    /// The elements of an array or the members' values of an object, in document order; empty for anything else.
    package struct Children: Sequence, IteratorProtocol {
        private let document: Document
        private var node: UInt32
        private let end: UInt32

        init(_ view: View) {
            document = view.document
            node = view.node + 1
            end = view.document.nodeAfter(view.node)
        }

        /// The next child.
        package mutating func next() -> View? {
            guard node < end else { return nil }
            let child = View(unchecked: document, node)
            node = document.nodeAfter(node)
            return child
        }
    }

    /// The elements of an array or the members' values of an object, in document order; empty for anything else.
    package var children: Children { Children(self) }

    /// Calls `body` with each element of an array, in order.
    package func forEachElement<E: Error>(_ body: (View) throws(E) -> Void) throws(E) {
        guard kind == .array else { return }
        var node = node + 1
        let end = document.nodeAfter(self.node)
        while node < end {
            try body(View(unchecked: document, node))
            node = document.nodeAfter(node)
        }
    }

    /// Calls `body` with the name and the value of each member of an object, in document order.
    package func forEachMember<E: Error>(_ body: (String, View) throws(E) -> Void) throws(E) {
        guard kind == .object else { return }
        var node = node + 1
        let end = document.nodeAfter(self.node)
        while node < end {
            try body(document.name(of: node) ?? "", View(unchecked: document, node))
            node = document.nodeAfter(node)
        }
    }

    /// The name under which the value is a member of an object.
    package var name: String? { document.name(of: node) }
}
