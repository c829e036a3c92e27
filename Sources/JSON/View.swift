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

    /// What the value is.
    package var kind: Kind { document.kind(of: node) }
    /// Whether the value is `null`.
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

    /// The member of that name, compared as UTF-8; nil where there is none or the value is no object.
    package subscript(_ name: StaticString) -> View? {
        document.member(of: node, name).map { View(unchecked: document, $0) }
    }

    /// The member of that name, compared as UTF-8; nil where there is none or the value is no object.
    package func member(_ name: String) -> View? {
        document.member(of: node, name).map { View(unchecked: document, $0) }
    }

    /// The member of that name, compared as UTF-8; nil where there is none or the value is no object.
    package func member(utf8 name: UnsafeRawBufferPointer) -> View? {
        unsafe document.member(of: node, utf8: name).map { View(unchecked: document, $0) }
    }

    /// An element of an array by its index, which must be in range. Steps over the elements before it.
    package func element(_ index: Int) -> View {
        guard kind == .array, let found = document.child(of: node, at: index) else {
            preconditionFailure("no such element")
        }
        return View(unchecked: document, found)
    }

    /// Whether the value is a string of exactly these bytes.
    package func isString(_ text: StaticString) -> Bool {
        unsafe document.isString(node, UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Whether the value is a string that begins with these bytes.
    package func hasPrefix(_ text: StaticString) -> Bool {
        guard kind == .string else { return false }
        return unsafe withText { bytes in
            unsafe bytes.count >= text.utf8CodeUnitCount
                && memcmp(bytes.baseAddress!, text.utf8Start, text.utf8CodeUnitCount) == 0
        }
    }

    /// Whether the value is a string of exactly these bytes.
    package func equals(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { unsafe document.isString(node, UnsafeRawBufferPointer($0)) }
    }

    /// Whether both values have the same canonical form.
    package func isSame(as other: View) -> Bool {
        document.isSame(node, other.document, other.node)
    }
}
