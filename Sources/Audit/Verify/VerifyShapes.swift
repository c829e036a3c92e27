import TransparencyLog

/// What an entry is compared with while its shape is: its place, the entry before, and the attributes found in it.
@safe final class VerifyShapeContext {
    /// The ends of attributes in the entry, by raw value; valid for those that the shape notes.
    let places: UnsafeMutablePointer<(Int32, Int32)>
    /// The entry's sequence in 16 digits, and the hash of the entry before in base64.
    private let own: UnsafeMutablePointer<UInt64>
    private let link: UnsafeMutablePointer<UInt8>
    /// By twelve bits, two characters of base64.
    private let pairs: UnsafeMutablePointer<UInt16>
    /// The entry's time.
    private(set) var time: VerifyTime?
    private var timeBefore: VerifyTime?

    init() {
        unsafe places = .allocate(capacity: VerifyFields.Name.allCases.count)
        unsafe places.initialize(repeating: (0, 0), count: VerifyFields.Name.allCases.count)
        unsafe own = .allocate(capacity: 2)
        unsafe own.initialize(repeating: 0, count: 2)
        unsafe link = .allocate(capacity: Hash256.base64Bytes)
        unsafe link.initialize(repeating: 0, count: Hash256.base64Bytes)
        unsafe pairs = .allocate(capacity: 1 << 12)
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        for i in 0..<(1 << 12) {
            unsafe pairs[i] = UInt16(littleEndian: UInt16(digits[i & 63]) << 8 | UInt16(digits[i >> 6]))
        }
    }

    deinit {
        unsafe places.deallocate()
        unsafe own.deallocate()
        unsafe link.deallocate()
        unsafe pairs.deallocate()
    }

    /// Turns to the entry after another; its place has at most 16 digits.
    func begin(place: UInt64, after last: VerifyEntry, _ time: VerifyTime) {
        timeBefore = time
        unsafe own[0] = Self.digits(place / 100_000_000)
        unsafe own[1] = Self.digits(place % 100_000_000)
        unsafe last.leaf.withBytes { bytes in
            for i in 0..<10 {
                let three = unsafe UInt32(
                    bigEndian: bytes.loadUnaligned(fromByteOffset: 3 * i, as: UInt32.self))
                unsafe put(pairs[Int(three >> 20)], at: 4 * i)
                unsafe put(pairs[Int(three >> 8 & 0xFFF)], at: 4 * i + 2)
            }
            let two = unsafe Int(bytes[30]) << 8 | Int(bytes[31])
            unsafe put(pairs[two >> 4], at: 40)
            unsafe put(pairs[(two & 15) << 8], at: 42)
            unsafe link[43] = UInt8(ascii: "=")
        }
    }

    @inline(__always)
    private func put(_ pair: UInt16, at offset: Int) {
        unsafe UnsafeMutableRawPointer(link).storeBytes(of: pair, toByteOffset: offset, as: UInt16.self)
    }

    /// Eight decimal digits, the first in the lowest byte.
    @inline(__always)
    static func digits(_ value: UInt64) -> UInt64 {
        var x = value / 10_000 | (value % 10_000) << 32
        let hundreds = (x &* 10_486) >> 20 & 0x7F_0000_007F
        x = hundreds | (x &- hundreds &* 100) << 16
        let tens = (x &* 103) >> 10 & 0x000F_000F_000F_000F
        x = tens | (x &- tens &* 10) << 8
        return (x | 0x3030_3030_3030_3030).littleEndian
    }

    @inline(__always)
    private static func word(_ at: UnsafePointer<UInt8>, _ offset: Int) -> UInt64 {
        unsafe UnsafeRawPointer(at).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    @inline(__always)
    func isOwn(_ at: UnsafePointer<UInt8>) -> Bool {
        unsafe Self.word(at, 0) == own[0] && Self.word(at, 8) == own[1]
    }

    @inline(__always)
    func isLink(_ at: UnsafePointer<UInt8>) -> Bool {
        var other: UInt64 = 0
        for offset in stride(from: 0, to: 40, by: 8) { unsafe other |= Self.word(at, offset) ^ Self.word(link, offset) }
        return unsafe other | (Self.word(at, 36) ^ Self.word(link, 36)) == 0
    }

    /// Returns true for a time that is not before that of the entry before, and keeps it.
    @inline(__always)
    func follows(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let before = timeBefore else { return false }
        if unsafe before.isWritten(text) {
            time = before
            return true
        }
        guard let found = unsafe VerifyTime(text), found >= before else { return false }
        time = found
        return true
    }

    /// Returns true for 16 digits of a sequence below the entry's own.
    @inline(__always)
    func isCause(_ at: UnsafePointer<UInt8>) -> Bool {
        let high = unsafe Self.word(at, 0), low = unsafe Self.word(at, 8)
        guard Self.isDigits(high), Self.isDigits(low) else { return false }
        let ownHigh = unsafe own[0], ownLow = unsafe own[1]
        return high == ownHigh ? low.bigEndian < ownLow.bigEndian : high.bigEndian < ownHigh.bigEndian
    }

    @inline(__always)
    private static func isDigits(_ word: UInt64) -> Bool {
        let highs: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
        return (word & highs) | ((word &+ 0x0606_0606_0606_0606) & highs) >> 4 == 0x3333_3333_3333_3333
    }

    /// The range of an attribute that the shape noted.
    @inline(__always)
    func range(_ name: VerifyFields.Name) -> Range<Int> {
        let (start, end) = unsafe places[name.rawValue]
        return Int(start)..<Int(end)
    }
}

/// The shapes seen so far by one thread, by how entries begin and end.
@safe final class VerifyShapes {
    let context = VerifyShapeContext()

    private struct Bucket {
        var shapes: [VerifyShape] = []
        /// Spent on learning and earned by matches, so that a log of entries that are all different is not learned.
        var credit = creditMax
    }

    private static let bucketsMax = 256, shapesMax = 8, creditMax = 32
    /// The shortest entry that has its beginning and end beside each other.
    private static let bytesMin = 32
    private var buckets = [Bucket](repeating: Bucket(), count: bucketsMax)

    init() {}

    deinit {
        for bucket in buckets {
            for shape in bucket.shapes { shape.free() }
        }
    }

    /// Returns true if nothing is wrong with an entry, whose attributes then are in `context`; false says nothing.
    func match(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= Self.bytesMin else { return false }
        let number = unsafe Self.bucket(bytes)
        for i in 0..<buckets[number].shapes.count where unsafe buckets[number].shapes[i].match(bytes, context) {
            if i > 0 { buckets[number].shapes.swapAt(i, i / 2) }
            if buckets[number].credit < Self.creditMax { buckets[number].credit += 1 }
            return true
        }
        return false
    }

    /// Learns the shape of an entry in which nothing is wrong.
    func learn(_ bytes: UnsafeRawBufferPointer, _ fields: VerifyFields) {
        guard bytes.count >= Self.bytesMin else { return }
        let number = unsafe Self.bucket(bytes)
        guard buckets[number].credit >= 2, let shape = unsafe VerifyShape(bytes, fields) else { return }
        buckets[number].credit -= 2
        if buckets[number].shapes.count == Self.shapesMax { buckets[number].shapes.removeLast().free() }
        buckets[number].shapes.append(shape)
    }

    @inline(__always)
    private static func bucket(_ bytes: UnsafeRawBufferPointer) -> Int {
        func word(_ offset: Int) -> UInt64 { unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
        let end = bytes.count
        let mixed = (word(8) ^ word(end - 8) &* 0x9E37_79B9_7F4A_7C15) &+ word(end - 16) &* 0xC2B2_AE3D_27D4_EB4F
        return Int(((mixed ^ mixed >> 29) &* 0x9E37_79B9_7F4A_7C15) >> 56)
    }
}
