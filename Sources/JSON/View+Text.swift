extension View {
    /// Whether the value is a string without escapes, so that its text is a slice of the document.
    package var isPlainString: Bool { document.isPlainString(node) }

    /// Lends the text of a string, unescaped; empty for anything else.
    package func withText<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        unsafe try document.withText(of: node, body)
    }

    /// Where the value lies in the document's canonical bytes, quotes and brackets included.
    package var canonicalRange: Range<Int> { document.canonicalRange(of: node) }

    /// Where a string's text lies in the document's canonical bytes, escapes included; else as `canonicalRange`.
    package var textRange: Range<Int> { document.textRange(of: node) }

    /// Lends the value's canonical bytes.
    package func withCanonicalBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        unsafe try document.withCanonicalBytes(of: node, body)
    }

    /// The place of the value in its document as RFC 6901 pointer. Takes time proportional to what stands before it.
    package var pointer: String { document.pointer(to: node) }
}
