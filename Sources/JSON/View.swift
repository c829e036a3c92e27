import Glibc

/// One value inside a document: a reference to the document and the number of the value's node.
package struct View: Sendable {
    /// The document that holds the value.
    package let document: Document
    /// The value's node.
    package let node: UInt32

    /// The value at a node of `document`, which must have it.
    package init(document: Document, node: UInt32) {
        precondition(node < document.nodeCount, "no such node")
        self.document = document
        self.node = node
    }

    @inline(__always) init(unchecked document: Document, _ node: UInt32) {
        self.document = document
        self.node = node
    }

    /// The kind of the value.
    package var kind: Kind { document.kind(of: node) }
    /// Indicates `null`.
    package var isNull: Bool { kind == .null }
    /// The value of `true` and `false`.
    package var bool: Bool? { document.bool(of: node) }
    /// The value of an integral number.
    package var int: Int64? { document.int(of: node) }
    /// The value of any number.
    package var double: Double? { document.double(of: node) }
    /// The text of a string, unescaped.
    package var string: String? { document.string(of: node) }
    /// Elements of an array or members of an object; 0 for anything else.
    package var count: Int { document.count(of: node) }

    /// The member of that name, compared as UTF-8; nil if there is none or the value is not an object.
    package subscript(_ name: StaticString) -> View? {
        document.member(of: node, name).map { View(unchecked: document, $0) }
    }

    /// The member of that name, compared as UTF-8; nil if there is none or the value is not an object.
    package func member(_ name: String) -> View? {
        document.member(of: node, name).map { View(unchecked: document, $0) }
    }

    /// The member of that name, compared as UTF-8; nil if there is none or the value is not an object.
    package func member(utf8 name: UnsafeRawBufferPointer) -> View? {
        unsafe document.member(of: node, utf8: name).map { View(unchecked: document, $0) }
    }

    /// An element of an array by its index, which must be in range. Takes time proportional to the index.
    package func element(_ index: Int) -> View {
        guard kind == .array, let found = document.child(of: node, at: index) else {
            preconditionFailure("no such element")
        }
        return View(unchecked: document, found)
    }

    /// Returns whether the value is a string of exactly these bytes.
    package func isString(_ text: StaticString) -> Bool {
        unsafe document.isString(node, UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Returns whether the value is a string that begins with these bytes.
    package func hasPrefix(_ text: StaticString) -> Bool {
        guard kind == .string else { return false }
        return unsafe withText { bytes in
            unsafe bytes.count >= text.utf8CodeUnitCount
                && memcmp(bytes.baseAddress!, text.utf8Start, text.utf8CodeUnitCount) == 0
        }
    }

    /// Returns whether the value is a string of exactly these bytes.
    package func equals(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { unsafe document.isString(node, UnsafeRawBufferPointer($0)) }
    }

    /// Returns whether both values have the same canonical form.
    package func isSame(as other: View) -> Bool {
        document.isSame(node, other.document, other.node)
    }
}

extension View {
    /// Indicates a string without escapes, whose text is a slice of the document.
    package var isPlainString: Bool { document.isPlainString(node) }

    /// Lends the text of a string, unescaped; empty for anything else.
    package func withText<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        unsafe try document.withText(of: node, body)
    }

    /// The range of the value in the document's canonical bytes, quotes and brackets included.
    package var canonicalRange: Range<Int> { document.canonicalRange(of: node) }

    /// The range of a string's text in the document's canonical bytes, escapes included; for anything else as
    /// `canonicalRange`.
    package var textRange: Range<Int> { document.textRange(of: node) }

    /// Lends the value's canonical bytes.
    package func withCanonicalBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        unsafe try document.withCanonicalBytes(of: node, body)
    }

    /// The place of the value in its document as an RFC 6901 pointer. Takes time proportional to what comes before it.
    package var pointer: String { document.pointer(to: node) }

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
