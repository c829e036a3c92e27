/// One allocation that holds a document's bytes and, behind them, its nodes.
@safe struct Block: ~Copyable {
    /// Zero bytes behind the document, so that a scan may read eight bytes anywhere and stops at the end by itself.
    static let paddingBytes = 16

    private(set) var bytes: UnsafeMutableRawPointer
    private(set) var nodes: UnsafeMutablePointer<Node>
    private(set) var nodeCapacity: Int
    private let nodesOffset: Int

    /// Room for `byteCapacity` bytes and their padding, and for `nodeCapacity` nodes, uninitialised.
    init(byteCapacity: Int, nodeCapacity: Int) {
        nodesOffset = (byteCapacity + Self.paddingBytes + 7) & ~7
        self.nodeCapacity = nodeCapacity
        unsafe bytes = UnsafeMutableRawPointer.allocate(
            byteCount: nodesOffset + nodeCapacity * MemoryLayout<Node>.stride, alignment: 8)
        unsafe nodes = (bytes + nodesOffset).assumingMemoryBound(to: Node.self)
    }

    /// Makes room for more nodes; both pointers change.
    mutating func growNodes() {
        let capacity = nodeCapacity * 2 + 16
        let stride = MemoryLayout<Node>.stride
        let larger = UnsafeMutableRawPointer.allocate(byteCount: nodesOffset + capacity * stride, alignment: 8)
        unsafe larger.copyMemory(from: bytes, byteCount: nodesOffset + nodeCapacity * stride)
        unsafe bytes.deallocate()
        unsafe bytes = larger
        unsafe nodes = (larger + nodesOffset).assumingMemoryBound(to: Node.self)
        nodeCapacity = capacity
    }

    /// Writes the zero bytes behind `count` bytes of document.
    func pad(after count: Int) {
        unsafe bytes.storeBytes(of: 0, toByteOffset: count, as: UInt64.self)
        unsafe bytes.storeBytes(of: 0, toByteOffset: count + 8, as: UInt64.self)
    }

    deinit { unsafe bytes.deallocate() }
}
