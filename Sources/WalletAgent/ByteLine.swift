import Ledger

/// Bytes put one after another into memory that the caller made large enough; it stays with the caller.
@safe struct ByteLine {
    private let buffer: UnsafeMutableRawBufferPointer
    private var count = 0

    @unsafe init(_ buffer: UnsafeMutableRawBufferPointer) { unsafe self.buffer = buffer }

    @unsafe var written: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count]) }

    mutating func put(fixed piece: StaticString) {
        unsafe put(UnsafeRawBufferPointer(start: piece.utf8Start, count: piece.utf8CodeUnitCount))
    }

    mutating func put(_ text: String) {
        var text = text
        text.withUTF8 { unsafe put(UnsafeRawBufferPointer($0)) }
    }

    mutating func put(_ currency: Currency) {
        for byte in currency.utf8 {
            unsafe buffer[count] = byte
            count += 1
        }
    }

    /// Decimal digits; the number is not negative.
    mutating func put(_ number: Int64) {
        var digits = 1
        var rest = number
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        rest = number
        for position in stride(from: count + digits - 1, through: count, by: -1) {
            unsafe buffer[position] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
            rest /= 10
        }
        count += digits
    }

    private mutating func put(_ bytes: UnsafeRawBufferPointer) {
        let length = bytes.count
        let room = unsafe buffer.count - count
        precondition(length <= room, "line too short")
        guard let source = bytes.baseAddress, let target = unsafe buffer.baseAddress else { return }
        unsafe (target + count).copyMemory(from: source, byteCount: length)
        count += length
    }
}

/// A text that goes into a line as it is.
protocol LineText {
    func put(into line: inout ByteLine)
}

extension String: LineText {
    func put(into line: inout ByteLine) { line.put(self) }
}

extension Currency: LineText {
    func put(into line: inout ByteLine) { line.put(self) }
}

/// `0000000000000128/3`, kept in its parts so that a line of it allocates nothing.
struct NumberedText: LineText {
    let prefix: String
    let number: Int

    func put(into line: inout ByteLine) {
        line.put(prefix)
        line.put(Int64(number))
    }
}
