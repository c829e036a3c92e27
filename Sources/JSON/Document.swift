/// One immutable JSON value: its canonical bytes (RFC 8785) and a flat index of its nodes, which are named by number in
/// document order; the root is node 0.
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
    /// - Throws: the first place where the bytes are no JSON value, or not one in a writer's form.
    package convenience init(canonical bytes: UnsafeRawBufferPointer) throws(JSONError) {
        var indexer = try unsafe CanonicalIndexer(bytes)
        try indexer.scan()
        let nodeCount = indexer.count
        self.init(indexer.finish(), byteCount: bytes.count, nodeCount: nodeCount)
    }

    /// As `init(canonical:)`, of an array.
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
