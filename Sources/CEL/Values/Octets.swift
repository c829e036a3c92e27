import Glibc

/// Bytes borrowed for the duration of a call: the UTF-8 of a string, or memory of a host object.
@safe struct Octets {
    private let base: UnsafeRawPointer?
    let count: Int

    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer) {
        unsafe base = bytes.baseAddress
        count = bytes.count
    }

    private init(base: UnsafeRawPointer?, count: Int) {
        unsafe self.base = base
        self.count = count
    }

    var isEmpty: Bool { count == 0 }

    @inline(__always)
    subscript(_ index: Int) -> UInt8 {
        precondition(index >= 0 && index < count)
        return unsafe base.unsafelyUnwrapped.load(fromByteOffset: index, as: UInt8.self)
    }

    subscript(_ range: Range<Int>) -> Octets {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return unsafe Octets(base: base.map { unsafe $0 + range.lowerBound }, count: range.count)
    }

    var raw: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: base, count: count) }

    var bytes: [UInt8] { unsafe Array(raw) }

    var text: String { unsafe String(decoding: raw, as: UTF8.self) }

    /// The number of code points of UTF-8.
    var codePoints: Int {
        var result = 0
        for index in 0..<count where self[index] & 0xC0 != 0x80 { result += 1 }
        return result
    }

    @inline(__always)
    static func == (a: Octets, b: Octets) -> Bool {
        guard a.count == b.count else { return false }
        guard let first = unsafe a.base, let second = unsafe b.base else { return true }
        return unsafe memcmp(first, second, a.count) == 0
    }

    /// Compares byte by byte: negative, zero or positive.
    static func order(_ a: Octets, _ b: Octets) -> Int {
        let shared = min(a.count, b.count)
        if shared > 0, let first = unsafe a.base, let second = unsafe b.base {
            let result = unsafe memcmp(first, second, shared)
            if result != 0 { return Int(result) }
        }
        return a.count - b.count
    }

    /// The offset of the first occurrence of `part` at or after `start`.
    func find(_ part: Octets, from start: Int) -> Int? {
        if part.isEmpty { return start }
        guard let base = unsafe base, let wanted = unsafe part.base else { return nil }
        var from = start
        while count - from >= part.count {
            guard let hit = unsafe memchr(base + from, Int32(part[0]), count - from - part.count + 1) else {
                return nil
            }
            let place = unsafe UnsafeRawPointer(hit) - base
            if unsafe memcmp(base + place, wanted, part.count) == 0 { return place }
            from = place + 1
        }
        return nil
    }

    func hasPrefix(_ part: Octets) -> Bool { count >= part.count && self[0..<part.count] == part }

    func hasSuffix(_ part: Octets) -> Bool { count >= part.count && self[(count - part.count)..<count] == part }
}

extension Array<UInt8> {
    @inline(__always)
    func withOctets<R>(_ body: (Octets) -> R) -> R { unsafe withUnsafeBytes { unsafe body(Octets($0)) } }
}

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
