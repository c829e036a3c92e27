import EventLog
import JSON

/// The index of words: for each block of 256 entries the hashes of all words in them. A search looks into blocks and reads
/// the entries of those that may have its word, so that a word which is rare costs little however long the log is. Blocks
/// are written once, in order, which costs a hundredth of what a list of sequences a word would.
///
/// A word is a string in an entry's `data`, its `subject` or its `type`, and in a string with slashes, which accounts
/// have, each part between them.
package struct Word: Hashable, Sendable {
    /// FNV-1a over the bytes of the string as canonical JSON writes it.
    let hash: UInt32

    package init(_ text: String) {
        var writer = CanonicalWriter(capacity: 64)
        writer.string(text)
        var words = WordScanner()
        unsafe writer.bytes.withUnsafeBytes { text in _ = unsafe words.addString(text, from: 1, isKept: false) }
        hash = words.whole
    }
}

/// The words of a block of entries, as they are stored: their hashes in order, 4 bytes each, the least significant first.
enum WordBlock {
    static let entries: UInt64 = 256

    /// The words of some blocks of a log; nil where it cannot be read.
    static func blocks(_ numbers: Range<UInt64>, of log: EventLog) -> [[UInt8]]? {
        var blocks: [[UInt8]] = []
        var words = WordScanner()
        let scanned: Void? = try? unsafe log.scan(
            from: numbers.lowerBound * entries, to: numbers.upperBound * entries
        ) { sequence, bytes in
            unsafe words.add(bytes)
            if (sequence + 1) % entries == 0 { blocks.append(encoded(words.take())) }
            return true
        }
        return scanned != nil && blocks.count == numbers.count ? blocks : nil
    }

    static func encoded(_ hashes: Set<UInt32>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * hashes.count)
        for hash in hashes.sorted() {
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: hash >> shift))
            }
        }
        return bytes
    }

    /// Returns true if a block may have a word.
    static func contains(_ block: UnsafeRawBufferPointer, _ word: Word) -> Bool {
        var low = 0, high = block.count / 4
        while low < high {
            let middle = (low + high) / 2
            let hash = unsafe UInt32(littleEndian: block.loadUnaligned(fromByteOffset: 4 * middle, as: UInt32.self))
            if hash == word.hash { return true }
            if hash < word.hash { low = middle + 1 } else { high = middle }
        }
        return false
    }
}

/// Collects the words of entries from their canonical bytes, without parsing them.
struct WordScanner {
    private(set) var hashes: Set<UInt32> = []
    /// The hash of the string read last.
    private(set) var whole: UInt32 = 0

    private static let members = Set(["data", "subject", "type"].map { Word($0).hash })
    private static let begin: UInt32 = 0x811c_9dc5
    private static let prime: UInt32 = 0x0100_0193

    /// Forgets the words so far and returns them.
    mutating func take() -> Set<UInt32> {
        defer { hashes.removeAll(keepingCapacity: true) }
        return hashes
    }

    /// Adds the words of an entry.
    mutating func add(_ entry: UnsafeRawBufferPointer) {
        var depth = 0
        var isWanted = false
        var place = 0
        while place < entry.count {
            switch unsafe entry[place] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""):
                place = unsafe addString(entry, from: place + 1, isKept: isWanted)
                if depth == 1, place + 1 < entry.count, unsafe entry[place + 1] == UInt8(ascii: ":") {
                    isWanted = Self.members.contains(whole)
                }
            default: break
            }
            place += 1
        }
    }

    /// Hashes a string that begins behind its quote; a kept one is a word unless it is a member's name.
    /// - Returns: the place of the closing quote.
    mutating func addString(_ entry: UnsafeRawBufferPointer, from start: Int, isKept: Bool) -> Int {
        var place = start
        var (all, part) = (Self.begin, Self.begin)
        var hasParts = false
        while place < entry.count {
            let byte = unsafe entry[place]
            if byte == UInt8(ascii: "\"") { break }
            all = (all ^ UInt32(byte)) &* Self.prime
            if byte == UInt8(ascii: "/") {
                if isKept { hashes.insert(part) }
                hasParts = true
                part = Self.begin
            } else {
                part = (part ^ UInt32(byte)) &* Self.prime
            }
            place += 1
            // The quote that is escaped ends no string.
            if byte == UInt8(ascii: "\\"), place < entry.count {
                all = (unsafe all ^ UInt32(entry[place])) &* Self.prime
                part = (unsafe part ^ UInt32(entry[place])) &* Self.prime
                place += 1
            }
        }
        whole = all
        let isName = unsafe place + 1 < entry.count && entry[place + 1] == UInt8(ascii: ":")
        guard isKept, !isName else { return place }
        hashes.insert(all)
        if hasParts { hashes.insert(part) }
        return place
    }
}
