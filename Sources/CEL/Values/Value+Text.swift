extension Value {
    /// Calls `body` with the UTF-8 of a string; nil for any other type.
    @inline(__always)
    func withUTF8<R>(_ body: (Octets) -> R) -> R? {
        switch self {
        case .string(let text): return text.withOctets(body)
        case .text(let host, let node): return unsafe body(Octets(host.text(node)))
        default: return nil
        }
    }

    /// The bytes of a string, copied; nil for any other type.
    var utf8Bytes: [UInt8]? { withUTF8(\.bytes) }
}

extension String {
    @inline(__always)
    func withOctets<R>(_ body: (Octets) -> R) -> R {
        if let result = unsafe utf8.withContiguousStorageIfAvailable({ unsafe body(Octets(UnsafeRawBufferPointer($0))) }
        ) {
            return result
        }
        return Array(utf8).withOctets(body)
    }
}
