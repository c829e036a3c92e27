import EventLog
import Glibc
import JSON

/// The index of words: for each block of 256 entries the hashes of all words in them. A search looks into blocks and reads
/// the entries of those that may have its word, so that a word which is rare costs little however long the log is. Blocks
/// are written once, in order, which costs a hundredth of what a list of sequences a word would.
///
/// A word is a string in an entry's `data`, its `subject`, its `type`, its `causationid` or its `correlationid`, and in a
/// string with slashes, which accounts have, each part between them.
package struct Word: Hashable, Sendable {
    /// FNV-1a over the bytes of the string as canonical JSON writes it.
    let hash: UInt32

    package init(_ text: String) {
        var writer = CanonicalWriter(capacity: 64)
        writer.string(text)
        hash = unsafe writer.bytes.withUnsafeBytes { text in
            unsafe WordScanner.hash(UnsafeRawBufferPointer(rebasing: text[1..<text.count - 1]))
        }
    }
}

/// The words of a block of entries, as they are stored: their hashes in order, 4 bytes each, the least significant first.
enum WordBlock {
    static let entries: UInt64 = 256

    /// The words of some blocks of a log; nil where it cannot be read.
    static func blocks(_ numbers: Range<UInt64>, of log: EventLog) -> [[UInt8]]? {
        var blocks: [[UInt8]] = []
        var words = WordScanner()
        let scanned: Void? = try? unsafe log.scanStored(
            from: numbers.lowerBound * entries, to: numbers.upperBound * entries
        ) { sequence, bytes in
            unsafe words.add(bytes)
            if (sequence + 1) % entries == 0 { blocks.append(encoded(words.take())) }
            return true
        }
        return scanned != nil && blocks.count == numbers.count ? blocks : nil
    }

    static func encoded(_ hashes: [UInt32]) -> [UInt8] {
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
    private var words = WordSet()

    /// FNV-1a.
    private static let begin: UInt32 = 0x811c_9dc5
    private static let prime: UInt32 = 0x0100_0193

    /// Forgets the words so far and returns their hashes.
    mutating func take() -> [UInt32] { words.take() }

    static func hash(_ text: UnsafeRawBufferPointer) -> UInt32 {
        var hash = begin
        for place in 0..<text.count { hash = (unsafe hash ^ UInt32(text[place])) &* prime }
        return hash
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
                let end = unsafe Self.end(of: entry, from: place + 1)
                let text = unsafe UnsafeRawBufferPointer(rebasing: entry[place + 1..<end])
                let isName = unsafe end + 1 < entry.count && entry[end + 1] == UInt8(ascii: ":")
                if isName, depth == 1 { isWanted = unsafe Self.isWanted(text) }
                if !isName, isWanted { unsafe addString(text) }
                place = end
            default: break
            }
            place += 1
        }
    }

    /// Returns true if a member of an entry has words.
    private static func isWanted(_ name: UnsafeRawBufferPointer) -> Bool {
        switch name.count {
        case 4: unsafe name.elementsEqual("data".utf8) || name.elementsEqual("type".utf8)
        case 7: unsafe name.elementsEqual("subject".utf8)
        case 11: unsafe name.elementsEqual("causationid".utf8)
        case 13: unsafe name.elementsEqual("correlationid".utf8)
        default: false
        }
    }

    /// The place of the quote that ends a string.
    private static func end(of entry: UnsafeRawBufferPointer, from start: Int) -> Int {
        var from = start
        while from < entry.count, let base = entry.baseAddress,
            let found = unsafe memchr(base + from, Int32(UInt8(ascii: "\"")), entry.count - from)
        {
            let quote = unsafe UnsafeRawPointer(found) - base
            var slashes = 0
            while unsafe quote - slashes > start && entry[quote - 1 - slashes] == UInt8(ascii: "\\") { slashes += 1 }
            if slashes % 2 == 0 { return quote }
            from = quote + 1
        }
        return entry.count
    }

    private mutating func addString(_ text: UnsafeRawBufferPointer) {
        var (all, part) = (Self.begin, Self.begin)
        var hasParts = false
        for place in 0..<text.count {
            let byte = unsafe text[place]
            all = (all ^ UInt32(byte)) &* Self.prime
            if byte == UInt8(ascii: "/") {
                words.insert(part)
                hasParts = true
                part = Self.begin
            } else {
                part = (part ^ UInt32(byte)) &* Self.prime
            }
        }
        words.insert(all)
        if hasParts { words.insert(part) }
    }
}

/// A set of hashes, which are spread well enough to be places in a table.
private struct WordSet {
    private var slots = [UInt32](repeating: 0, count: 1 << 12)
    private var count = 0
    /// Stands for an empty slot; the word of this hash is kept apart.
    private var hasZero = false

    mutating func insert(_ hash: UInt32) {
        guard hash != 0 else {
            hasZero = true
            return
        }
        let mask = slots.count - 1
        var slot = Int(hash ^ hash >> 15) & mask
        while slots[slot] != 0 {
            if slots[slot] == hash { return }
            slot = (slot + 1) & mask
        }
        slots[slot] = hash
        count += 1
        if count * 2 > slots.count { grow() }
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt32](repeating: 0, count: old.count * 4)
        count = 0
        for hash in old where hash != 0 { insert(hash) }
    }

    /// Empties the set and returns what it had, in no order.
    mutating func take() -> [UInt32] {
        var hashes = slots.filter { $0 != 0 }
        if hasZero { hashes.append(0) }
        self = WordSet()
        return hashes
    }
}
