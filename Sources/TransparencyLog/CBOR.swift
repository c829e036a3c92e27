/// A data item of CBOR (RFC 8949), as far as COSE needs it: no floating point, no indefinite lengths.
enum CBOR: Hashable, Sendable {
    /// An integer, negative ones included.
    case int(Int64)
    case bytes([UInt8])
    case text(String)
    case array([CBOR])
    /// Pairs in the order in which they are written.
    case map([Pair])
    case tagged(UInt64, [CBOR])
    case null

    struct Pair: Hashable, Sendable {
        let key: CBOR
        let value: CBOR

        init(_ key: CBOR, _ value: CBOR) {
            self.key = key
            self.value = value
        }
    }

    /// The value of a key in a map; nil in any other item.
    subscript(key: Int64) -> CBOR? { value(of: .int(key)) }
    subscript(key: String) -> CBOR? { value(of: .text(key)) }

    private func value(of key: CBOR) -> CBOR? {
        guard case .map(let pairs) = self else { return nil }
        return pairs.first { $0.key == key }?.value
    }

    // MARK: Writing

    /// The deterministic encoding: shortest heads. Keys of maps are written in the order given.
    var encoded: [UInt8] {
        var out: [UInt8] = []
        write(to: &out)
        return out
    }

    private func write(to out: inout [UInt8]) {
        switch self {
        case .int(let number):
            Self.writeHead(number < 0 ? 1 : 0, number < 0 ? UInt64(-1 - number) : UInt64(number), to: &out)
        case .bytes(let bytes):
            Self.writeHead(2, UInt64(bytes.count), to: &out)
            out += bytes
        case .text(let text):
            Self.writeHead(3, UInt64(text.utf8.count), to: &out)
            out += text.utf8
        case .array(let items):
            Self.writeHead(4, UInt64(items.count), to: &out)
            for item in items { item.write(to: &out) }
        case .map(let pairs):
            Self.writeHead(5, UInt64(pairs.count), to: &out)
            for pair in pairs {
                pair.key.write(to: &out)
                pair.value.write(to: &out)
            }
        case .tagged(let tag, let items):
            Self.writeHead(6, tag, to: &out)
            for item in items { item.write(to: &out) }
        case .null: out.append(0xF6)
        }
    }

    private static func writeHead(_ major: UInt8, _ value: UInt64, to out: inout [UInt8]) {
        let (extra, low): (Int, UInt8) =
            switch value {
            case ..<24: (0, UInt8(value))
            case ...0xFF: (1, 24)
            case ...0xFFFF: (2, 25)
            case ...0xFFFF_FFFF: (4, 26)
            default: (8, 27)
            }
        out.append(major << 5 | low)
        for index in stride(from: extra - 1, through: 0, by: -1) {
            out.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index)))
        }
    }
}

/// Reads one data item strictly: the shortest heads, definite lengths, no key twice, UTF-8, nothing behind it.
struct CBORReader {
    private static let depthMax = 8

    private let bytes: [UInt8]
    private var place = 0

    /// - Throws: `malformed` for anything else.
    static func read(_ bytes: [UInt8]) throws(ProofError) -> CBOR {
        var reader = CBORReader(bytes: bytes)
        let item = try reader.item(depth: 0)
        guard reader.place == bytes.count else { throw .malformed("there are bytes behind the CBOR item") }
        return item
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func item(depth: Int) throws(ProofError) -> CBOR {
        guard depth < Self.depthMax else { throw .malformed("the CBOR is nested deeper than \(Self.depthMax)") }
        let (major, value) = try head()
        switch major {
        case 0, 1:
            guard value <= UInt64(Int64.max) else { throw .malformed("a CBOR integer is beyond 64 bits") }
            return .int(major == 0 ? Int64(value) : -1 - Int64(value))
        case 2: return .bytes(Array(try take(value)))
        case 3:
            guard let text = String(validating: try take(value), as: UTF8.self) else {
                throw .malformed("a CBOR text is not UTF-8")
            }
            return .text(text)
        case 4: return .array(try items(value, depth))
        case 5: return .map(try pairs(value, depth))
        case 6: return .tagged(value, [try item(depth: depth + 1)])
        default:
            guard value == 22 else { throw .malformed("a CBOR simple value other than null") }
            return .null
        }
    }

    private mutating func items(_ count: UInt64, _ depth: Int) throws(ProofError) -> [CBOR] {
        guard count <= UInt64(bytes.count - place) else { throw .malformed("the CBOR ends within an array") }
        var items: [CBOR] = []
        for _ in 0..<count { items.append(try item(depth: depth + 1)) }
        return items
    }

    private mutating func pairs(_ count: UInt64, _ depth: Int) throws(ProofError) -> [CBOR.Pair] {
        guard count <= UInt64(bytes.count - place) / 2 else { throw .malformed("the CBOR ends within a map") }
        var pairs: [CBOR.Pair] = []
        var keys: Set<CBOR> = []
        for _ in 0..<count {
            let key = try item(depth: depth + 1)
            guard keys.insert(key).inserted else { throw .malformed("a CBOR map has a key twice") }
            pairs.append(CBOR.Pair(key, try item(depth: depth + 1)))
        }
        return pairs
    }

    /// The major type and the value of the next head.
    private mutating func head() throws(ProofError) -> (major: UInt8, value: UInt64) {
        guard place < bytes.count else { throw .malformed("the CBOR is cut off") }
        let byte = bytes[place]
        place += 1
        let (major, low) = (byte >> 5, byte & 31)
        guard low >= 24 else { return (major, UInt64(low)) }
        guard low <= 27, major != 7 else {
            throw .malformed("the CBOR has an indefinite length or a float, which receipts have not")
        }
        let count = UInt64(1) << UInt64(low - 24)
        let value = try take(count).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let isShortest = low == 24 ? value >= 24 : value >> (8 * (count / 2)) != 0
        guard isShortest else { throw .malformed("a CBOR head is longer than it need be") }
        return (major, value)
    }

    private mutating func take(_ count: UInt64) throws(ProofError) -> ArraySlice<UInt8> {
        guard count <= UInt64(bytes.count - place) else { throw .malformed("the CBOR is cut off") }
        defer { place += Int(count) }
        return bytes[place..<place + Int(count)]
    }
}
