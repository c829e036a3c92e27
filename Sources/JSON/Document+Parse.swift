import CSimdJSON

extension Document {
    /// Reads strict I-JSON (RFC 7493) and keeps its canonical form (RFC 8785). Refused are, beside what is no JSON:
    /// duplicate names, also when spelled with escapes; lone surrogates; invalid UTF-8; a byte order mark; integral
    /// numbers outside ±(2^53 − 1) however spelled; numbers that overflow a double; more than 64 levels of nesting.
    /// - Throws: the first such place.
    package static func parse(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> Document {
        guard bytes.count <= Limits.documentBytesMax else {
            throw JSONError(.size, offset: 0, message: "more than \(Limits.documentBytesMax) bytes")
        }
        if let document = unsafe read(bytes) { return document }
        var diagnosis = unsafe Diagnosis(bytes)
        throw diagnosis.firstError() ?? JSONError(.malformed, offset: 0, message: "not JSON")
    }

    /// As `parse(_:)`, of an array.
    package static func parse(_ bytes: [UInt8]) throws(JSONError) -> Document {
        unsafe try bytes.span.withUnsafeBytes { bytes throws(JSONError) in try unsafe parse(bytes) }
    }

    /// As `parse(_:)`, of a string.
    package static func parse(_ text: String) throws(JSONError) -> Document {
        try parse([UInt8](text.utf8))
    }

    /// Whether the bytes are strict I-JSON and exactly their own canonical form.
    package static func isCanonical(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let document = try? unsafe parse(bytes) else { return false }
        return unsafe document.withBytes { unsafe $0.elementsEqual(bytes) }
    }

    /// The fast way: simdjson's tape, rewritten as canonical bytes; nil where anything is wrong.
    private static func read(_ bytes: UnsafeRawBufferPointer) -> Document? {
        guard let source = bytes.baseAddress, bytes.count > 0, unsafe Surrogates.arePaired(bytes) else { return nil }
        var tape = unsafe csimdjson_tape()
        let code = unsafe csimdjson_parse(source.assumingMemoryBound(to: UInt8.self), bytes.count, &tape)
        guard code == 0, let words = unsafe tape.words, let strings = unsafe tape.strings else { return nil }
        var rewriter = unsafe TapeRewriter(
            words: words, wordCount: tape.count, strings: UnsafeRawPointer(strings), sourceBytes: bytes.count)
        guard rewriter.run() else { return nil }
        let (byteCount, nodeCount) = (rewriter.byteCount, rewriter.nodeCount)
        return Document(rewriter.finish(), byteCount: byteCount, nodeCount: nodeCount)
    }
}
