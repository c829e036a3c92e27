import Glibc
import JSON
import NIOCore

/// Writer of JSON with its members in any order, as `CanonicalWriter` is one of canonical form.
@safe struct ByteSink: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = max(capacity, 64)
        unsafe base = .allocate(byteCount: self.capacity, alignment: 8)
    }

    deinit { unsafe base.deallocate() }

    /// A copy of what was written.
    var bytes: [UInt8] { unsafe [UInt8](UnsafeRawBufferPointer(start: base, count: count)) }

    /// A copy of what was written, as NIO sends it.
    var buffer: ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(count)
        unsafe buffer.writeBytes(UnsafeRawBufferPointer(start: base, count: count))
        return buffer
    }

    mutating func raw(_ text: StaticString) {
        unsafe raw(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func raw(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count)
        unsafe (base + count).copyMemory(from: start, byteCount: bytes.count)
        count += bytes.count
    }

    mutating func raw(_ bytes: [UInt8]) { unsafe bytes.withUnsafeBytes { unsafe raw($0) } }

    /// Lends a buffer of exactly `size` bytes, which the caller fills.
    mutating func fill(_ size: Int, _ body: (UnsafeMutableRawBufferPointer) -> Void) {
        reserve(size)
        unsafe body(UnsafeMutableRawBufferPointer(start: base + count, count: size))
        count += size
    }

    mutating func number(_ value: UInt64) {
        var digits = 1
        var rest = value / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        unsafe fill(digits) { buffer in
            var rest = value
            for index in stride(from: digits - 1, through: 0, by: -1) {
                unsafe buffer[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
        }
    }

    /// Writes a string with its quotes.
    mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            let isPlain = unsafe bytes.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
            guard isPlain else {
                var writer = CanonicalWriter(capacity: bytes.count + 64)
                unsafe writer.string(utf8: UnsafeRawBufferPointer(bytes))
                return unsafe writer.withBytes { unsafe raw($0) }
            }
            raw("\"")
            unsafe raw(UnsafeRawBufferPointer(bytes))
            raw("\"")
        }
    }

    private mutating func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        capacity = max(capacity * 2, count + more)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
        unsafe larger.copyMemory(from: base, byteCount: count)
        unsafe base.deallocate()
        unsafe base = larger
    }
}
