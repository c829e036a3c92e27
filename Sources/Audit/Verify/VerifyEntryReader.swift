import Glibc
import JSON
import TransparencyLog

/// Checks entries one after another: form, sequence, time and hash link.
struct VerifyEntryReader {
    static let entryBytesMax = 65_535
    private static let specversion = Array("1.0".utf8), contentType = Array("application/json".utf8)

    private let genesis: Hash256
    private let shapes = VerifyShapes()
    private let digests = VerifyDigestSeed.shared
    private static let sequenceMax: UInt64 = 9_999_999_999_999_999
    private(set) var findings: [VerifyFinding] = []
    private(set) var links: [VerifyLink] = []
    private(set) var last: VerifyEntry?
    /// The digest of the entry's source and id; nil if it has none.
    private(set) var digest: (UInt64, UInt64)?
    /// False while the entry before a run is read, whose findings belong to another chunk.
    private var isKeeping = true

    init(genesis: Hash256) { self.genesis = genesis }

    /// Begins a run of entries, after the entry that precedes it if there is one.
    mutating func begin(after preceding: UnsafeRawBufferPointer?, place: UInt64) {
        findings.removeAll(keepingCapacity: true)
        links.removeAll(keepingCapacity: true)
        last = nil
        guard let preceding = unsafe preceding else { return }
        isKeeping = false
        unsafe take(preceding, leafHash(preceding), place: place)
        isKeeping = true
    }

    /// Checks an entry, whose leaf hash is known, against the one before.
    mutating func take(_ bytes: UnsafeRawBufferPointer, _ leaf: Hash256, place: UInt64) {
        if let last, let time = last.time, last.sequence == place &- 1, place > 0, place <= Self.sequenceMax,
            bytes.count <= Self.entryBytesMax
        {
            shapes.context.begin(place: place, after: last, time)
            if unsafe shapes.match(bytes) { return unsafe takeMatched(bytes, leaf, place) }
        }
        let known = findings.count + links.count
        var entry = VerifyEntry(place: place, leaf: leaf, sequence: nil, time: nil)
        digest = nil
        if bytes.count > Self.entryBytesMax {
            find(place, .form, "length", "at most \(Self.entryBytesMax) bytes", "\(bytes.count) bytes")
            checkOrder(entry)
        } else if bytes.count > 0, let fields = unsafe Self.scan(bytes) {
            unsafe check(&entry, bytes, fields)
            if isKeeping, last != nil, entry.sequence == place, findings.count + links.count == known,
                findings.count < VerifyResult.badMax, links.count < VerifyResult.badMax
            {
                unsafe shapes.learn(bytes, fields)
            }
        } else {
            unsafe checkLoosely(&entry, bytes)
        }
        last = entry
    }

    /// Takes an entry of which its shape says that nothing is wrong.
    private mutating func takeMatched(_ bytes: UnsafeRawBufferPointer, _ leaf: Hash256, _ place: UInt64) {
        let context = shapes.context
        last = VerifyEntry(place: place, leaf: leaf, sequence: place, time: context.time)
        digest = unsafe digests.digest(
            UnsafeRawBufferPointer(rebasing: bytes[context.range(.source)]),
            UnsafeRawBufferPointer(rebasing: bytes[context.range(.id)]))
    }

    /// The attributes of an entry in canonical form; nil for any other, and for one that is too long.
    static func scan(_ bytes: UnsafeRawBufferPointer) -> VerifyFields? {
        guard bytes.count <= entryBytesMax else { return nil }
        var scanner = unsafe VerifyScanner(bytes)
        return scanner.scan() ? scanner.fields : nil
    }

    /// Checks an entry that is not canonical: reports why, then continues with its canonical form if it has one.
    private mutating func checkLoosely(_ entry: inout VerifyEntry, _ bytes: UnsafeRawBufferPointer) {
        let document: Document
        do throws(JSONError) { document = unsafe try Document.parse(bytes) } catch {
            find(entry.place, .form, "JSON", "I-JSON", error.message)
            checkOrder(entry)
            return
        }
        let canonical = document.bytes
        unsafe canonical.withUnsafeBytes { canonical in
            let right = unsafe leafHash(canonical)
            find(entry.place, .form, "canonical form", right.base64, entry.leaf.base64)
            if let fields = unsafe Self.scan(canonical) {
                unsafe check(&entry, canonical, fields)
            } else {
                if canonical.count <= Self.entryBytesMax {
                    find(entry.place, .form, "JSON", "an object", "another value")
                }
                checkOrder(entry)
            }
        }
    }

    private mutating func check(_ entry: inout VerifyEntry, _ bytes: UnsafeRawBufferPointer, _ fields: VerifyFields) {
        for name in VerifyFields.Name.required where fields[name]?.isEmpty ?? true {
            let found = fields[name] != nil ? "an empty one" : fields.has(name) ? "another value" : "none"
            find(entry.place, .form, "\(name.text)", "a string", found)
            checkOrder(entry)
            return
        }
        func text(_ name: VerifyFields.Name) -> UnsafeRawBufferPointer {
            unsafe UnsafeRawBufferPointer(rebasing: bytes[fields[name]!])
        }
        if unsafe !Self.isEqual(text(.specversion), Self.specversion) {
            unsafe find(entry.place, .form, "specversion", "1.0", text(.specversion))
        }
        if unsafe !Self.isEqual(text(.datacontenttype), Self.contentType) {
            unsafe find(entry.place, .form, "datacontenttype", "application/json", text(.datacontenttype))
        }
        entry.sequence = unsafe Self.sequence(text(.sequence))
        if entry.sequence == nil { unsafe find(entry.place, .form, "sequence", "16 digits", text(.sequence)) }
        entry.time = unsafe VerifyTime(text(.recordedtime))
        if entry.time == nil {
            unsafe find(entry.place, .form, "recordedtime", "YYYY-MM-DDThh:mm:ss.mmmZ", text(.recordedtime))
        }
        digest = unsafe digests.digest(text(.source), text(.id))
        let other = unsafe otherLink(entry, bytes, fields[.previoushash]!)
        unsafe withUnsafePointer(to: fields) { unsafe checkPromises(entry, VerifyAttributes(bytes, $0)) }
        guard checkOrder(entry), let other else { return }
        unsafe checkLink(entry, other, bytes, fields[.previoushash]!)
    }

    private mutating func checkPromises(_ entry: VerifyEntry, _ attributes: VerifyAttributes) {
        var promises = VerifyPromises(attributes, sequence: entry.sequence ?? entry.place)
        promises.check()
        for found in promises.findings { find(entry.place, found.reason, found.what, found.expected, found.found) }
    }

    /// Checks sequence and time; returns true if the entry follows the one before. Entries after a misplaced one that
    /// continue its own order are not reported again.
    @discardableResult
    private mutating func checkOrder(_ entry: VerifyEntry) -> Bool {
        let sequence = entry.sequence ?? entry.place
        let before = last.map { $0.sequence ?? $0.place }
        if sequence == before.map({ $0 &+ 1 }) ?? 0 {
            if let time = entry.time, let before = last?.time, time < before {
                find(entry.place, .order, "recordedtime", "not before \(before.text)", time.text)
            }
            return true
        }
        if let last, sequence == before, sequence == last.place, entry.leaf != last.leaf {
            find(sequence, .order, "sequence", "\(Self.padded(sequence)) once", "\(Self.padded(sequence)) twice")
        } else if sequence != entry.place {
            find(entry.place, .order, "sequence", Self.padded(entry.place), Self.padded(sequence))
        }
        return false
    }

    /// The hash that an entry carries, if it differs from the hash of the entry before.
    private mutating func otherLink(
        _ entry: VerifyEntry, _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>
    ) -> Hash256? {
        let expected = last?.leaf ?? genesis
        let isRight = unsafe withUnsafeTemporaryAllocation(byteCount: Hash256.base64Bytes, alignment: 8) { buffer in
            unsafe expected.writeBase64(into: buffer)
            return unsafe range.count == buffer.count
                && memcmp(buffer.baseAddress!, bytes.baseAddress! + range.lowerBound, buffer.count) == 0
        }
        guard !isRight else { return nil }
        let carried = unsafe UnsafeRawBufferPointer(rebasing: bytes[range])
        let hash = unsafe Hash256(base64: carried)
        if hash == nil { unsafe find(entry.place, .form, "previoushash", "base64 of 32 bytes", carried) }
        return hash
    }

    private mutating func checkLink(
        _ entry: VerifyEntry, _ carried: Hash256, _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>
    ) {
        guard let last else {
            if entry.place == 0 { find(0, .chain, "previoushash", genesis.base64, carried.base64) }
            return
        }
        guard isKeeping, links.count < VerifyResult.badMax else { return }
        var corrected = unsafe [UInt8](bytes)
        corrected.replaceSubrange(range, with: Array(last.leaf.base64.utf8))
        links.append(VerifyLink(before: last.place, leaf: last.leaf, carried: carried, corrected: leafHash(corrected)))
    }

    /// The source and id of an entry as their canonical text; nil if it has none.
    static func identity(_ entry: [UInt8]) -> (source: [UInt8], id: [UInt8])? {
        unsafe entry.withUnsafeBytes { bytes -> (source: [UInt8], id: [UInt8])? in
            guard bytes.count > 0 else { return nil }
            if let fields = unsafe scan(bytes) {
                guard let source = fields[.source], let id = fields[.id] else { return nil }
                return (Array(entry[source]), Array(entry[id]))
            }
            guard let canonical = try? unsafe Document.parse(bytes).bytes, canonical != entry else { return nil }
            return identity(canonical)
        }
    }

    private mutating func find(
        _ place: UInt64, _ reason: VerifyResult.Reason, _ what: String, _ expected: String, _ found: String
    ) {
        guard isKeeping, findings.count < VerifyResult.badMax else { return }
        findings.append(VerifyFinding(place, reason, what, expected, found))
    }

    private mutating func find(
        _ place: UInt64, _ reason: VerifyResult.Reason, _ what: String, _ expected: String,
        _ found: UnsafeRawBufferPointer
    ) {
        unsafe find(place, reason, what, expected, String(decoding: found.prefix(200), as: UTF8.self))
    }

    private static func isEqual(_ text: UnsafeRawBufferPointer, _ expected: [UInt8]) -> Bool {
        guard text.count == expected.count, let start = text.baseAddress else { return false }
        return unsafe memcmp(start, expected, expected.count) == 0
    }

    /// The value of 16 digits.
    static func sequence(_ text: UnsafeRawBufferPointer) -> UInt64? {
        guard text.count == 16 else { return nil }
        var value: UInt64 = 0
        for i in 0..<16 {
            let byte = unsafe text[i]
            guard byte &- UInt8(ascii: "0") < 10 else { return nil }
            value = value * 10 + UInt64(byte - UInt8(ascii: "0"))
        }
        return value
    }

    private static func padded(_ sequence: UInt64) -> String {
        let digits = String(sequence)
        return String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits
    }
}

/// The part of an entry that the next one is compared with.
struct VerifyEntry: Sendable {
    /// The entry's position in the input, from 0.
    let place: UInt64
    let leaf: Hash256
    /// The entry's `sequence` member; nil if it is malformed.
    var sequence: UInt64?
    var time: VerifyTime?
}
