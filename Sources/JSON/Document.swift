import CSimdJSON

/// One immutable JSON value: its canonical bytes (RFC 8785) and a flat index of its nodes, which are named by number in
/// document order; the root is node 0.
///
/// `parse` lets simdjson read strict I-JSON onto a tape and rewrites that as canonical bytes with their index
/// (`TapeRewriter`); if either refuses, `Diagnosis` reads the input again and finds the error and its place.
/// `init(canonical:)` only indexes bytes that are canonical already (`CanonicalIndexer`). Both keep bytes and index in
/// one allocation (`Block`). Values are read as `View`s, or by node number where counting references would cost too
/// much. `CanonicalWriter` writes canonical bytes without a document.
@safe @usableFromInline package final class Document: @unchecked Sendable {
    /// Bytes of the canonical form.
    package let byteCount: Int
    /// Values in the document, the root included.
    @usableFromInline package let nodeCount: UInt32
    @usableFromInline let base: UnsafeRawPointer
    @usableFromInline let nodes: UnsafePointer<Node>
    private let block: Block

    init(_ block: consuming Block, byteCount: Int, nodeCount: UInt32) {
        self.byteCount = byteCount
        self.nodeCount = nodeCount
        unsafe base = UnsafeRawPointer(block.bytes)
        unsafe nodes = UnsafePointer(block.nodes)
        self.block = block
    }

    /// Copies and indexes bytes in RFC 8785 form with one scan. The form is trusted (member order, number and string
    /// spelling, UTF-8), the shape is not.
    /// - Throws: the first place where the bytes are not a JSON value, or not laid out as a canonical writer does.
    package convenience init(canonical bytes: UnsafeRawBufferPointer) throws(JSONError) {
        var indexer = try unsafe CanonicalIndexer(bytes)
        try indexer.scan()
        let nodeCount = indexer.count
        self.init(indexer.finish(), byteCount: bytes.count, nodeCount: nodeCount)
    }

    /// As `init(canonical:)`, for an array.
    package convenience init(adopting canonical: [UInt8]) throws(JSONError) {
        var indexer = unsafe try canonical.span.withUnsafeBytes { bytes throws(JSONError) in
            try unsafe CanonicalIndexer(bytes)
        }
        try indexer.scan()
        let nodeCount = indexer.count
        self.init(indexer.finish(), byteCount: canonical.count, nodeCount: nodeCount)
    }

    /// Bytes of the index.
    package var indexBytes: Int { Int(nodeCount) * MemoryLayout<Node>.stride }

    /// The document's value.
    package var root: View { View(unchecked: self, 0) }

    /// Lends the canonical bytes.
    package func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try unsafe body(UnsafeRawBufferPointer(start: base, count: byteCount))
    }

    /// A copy of the canonical bytes.
    package var bytes: [UInt8] { unsafe withBytes { unsafe [UInt8]($0) } }
}

extension Document {
    /// The empty object, which stands for absent data.
    package static let emptyObject: Document = {
        do throws(JSONError) {
            return try Document(adopting: Array("{}".utf8))
        } catch {
            preconditionFailure("`{}` is JSON")
        }
    }()

    /// Reads strict I-JSON (RFC 7493) and keeps its canonical form (RFC 8785). Besides malformed JSON it refuses
    /// duplicate names, also when spelled with escapes; lone surrogates; invalid UTF-8; a byte order mark; integral
    /// numbers outside ±(2^53 − 1) however spelled; numbers that overflow a double; more than 64 levels of nesting.
    /// - Throws: the first error.
    package static func parse(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> Document {
        guard bytes.count <= Limits.documentBytesMax else {
            throw JSONError(.size, offset: 0, message: "more than \(Limits.documentBytesMax) bytes")
        }
        if let document = unsafe read(bytes) { return document }
        var diagnosis = unsafe Diagnosis(bytes)
        throw diagnosis.firstError() ?? JSONError(.malformed, offset: 0, message: "not JSON")
    }

    /// As `parse(_:)`, for an array.
    package static func parse(_ bytes: [UInt8]) throws(JSONError) -> Document {
        unsafe try bytes.span.withUnsafeBytes { bytes throws(JSONError) in try unsafe parse(bytes) }
    }

    /// As `parse(_:)`, for a string.
    package static func parse(_ text: String) throws(JSONError) -> Document {
        try parse([UInt8](text.utf8))
    }

    /// Returns whether the bytes are strict I-JSON and exactly their own canonical form.
    package static func isCanonical(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let document = try? unsafe parse(bytes) else { return false }
        return unsafe document.withBytes { unsafe $0.elementsEqual(bytes) }
    }

    /// The fast path: simdjson's tape, rewritten as canonical bytes; nil if anything is wrong.
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

/// The kind of a JSON value; a number is `int` if its value is integral, however it was spelled.
@usableFromInline package enum Kind: UInt8, Sendable {
    case null
    case bool
    case int
    case double
    case string
    case array
    case object
}

/// One value in a document's index: 24 bytes, in document order, so that a value's children follow it.
@usableFromInline struct Node {
    /// First byte of the value.
    @usableFromInline var start: UInt32
    /// Bytes of the value, quotes and brackets included.
    @usableFromInline var length: UInt32
    /// Index after the value's last descendant; for an open container, the container around it.
    @usableFromInline var next: UInt32
    /// Elements or members of a container.
    @usableFromInline var count: UInt32
    /// First byte of the member's name, after its quote; 0 if the value is not a member. The name ends two bytes before
    /// `start`, at its closing quote.
    @usableFromInline var nameStart: UInt32
    /// The kind in the low byte, then `textEscaped` and `nameEscaped`.
    @usableFromInline var flags: UInt32

    static let textEscaped: UInt32 = 1 << 8
    static let nameEscaped: UInt32 = 1 << 9
    /// Not a node.
    static let none = UInt32.max

    @inlinable var kind: Kind { Kind(rawValue: UInt8(truncatingIfNeeded: flags)) ?? .null }
    @inline(__always) var isTextEscaped: Bool { flags & Self.textEscaped != 0 }
    @inline(__always) var isNameEscaped: Bool { flags & Self.nameEscaped != 0 }
    @inline(__always) var isContainer: Bool { UInt8(truncatingIfNeeded: flags) >= Kind.array.rawValue }
    @inline(__always) var end: UInt32 { start &+ length }
    @inlinable var nameLength: UInt32 { start &- 2 &- nameStart }
}

/// Docket's limits on JSON.
package enum Limits {
    /// Arrays and objects that may be open at once.
    package static let nestingLevelsMax = 64
    /// Bytes of one document, far above any request; offsets are 32 bits.
    package static let documentBytesMax = 1 << 30
    /// The largest magnitude of an integral number, 2^53 − 1 (RFC 7493 §2.2).
    package static let integerMagnitudeMax: Int64 = 9_007_199_254_740_991
    /// Bytes of the longest number in canonical form.
    static let numberBytesMax = 25
}
