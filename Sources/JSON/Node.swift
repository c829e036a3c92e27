/// One value in a document's index: 24 bytes, in document order, so that a value's children follow it.
@usableFromInline struct Node {
    /// First byte of the value.
    @usableFromInline var start: UInt32
    /// Bytes of the value, quotes and brackets included.
    @usableFromInline var length: UInt32
    /// Index after the value's last descendant; while a container is open, the container around it.
    @usableFromInline var next: UInt32
    /// Elements or members of a container.
    @usableFromInline var count: UInt32
    /// First byte of the member's name, after its quote; 0 where the value is no member. The name ends two bytes before
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
