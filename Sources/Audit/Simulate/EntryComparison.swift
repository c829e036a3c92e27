import AgentKit
import JSON

/// Comparison of an entry of a simulated world with a recorded one, both in canonical form.
///
/// Two entries are the same if they differ in nothing but the link to the entry before, the rule set's digest, and
/// sequences, and where these name entries that correspond to each other. Such entries are of the same length.
struct EntryComparison {
    /// The sequences of the two entries themselves.
    let simulated: UInt64
    let recorded: UInt64

    private static let link = Array(#""previoushash":"#.utf8)
    private static let ruleSet = Array(#""ruleset":"#.utf8)
    private static let tokenBytesMax = 64

    /// - Returns: true if both are the same; false also where only a closer look at their members would tell.
    func isSame(
        _ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer, _ map: borrowing SequenceMap
    ) -> Bool {
        guard a.count == b.count else { return false }
        var place = 0
        while true {
            let differing = unsafe Self.mismatch(a, b, from: place)
            if differing == a.count { return true }
            if let end = unsafe Self.endOfPassedOver(a, differing) {
                place = end
            } else if let run = unsafe SequenceText.run(around: differing, in: a),
                unsafe SequenceText.run(around: differing, in: b) == run,
                corresponds(
                    unsafe SequenceText.value(run, in: a), unsafe SequenceText.value(run, in: b), map)
            {
                place = run.upperBound
            } else {
                return false
            }
        }
    }

    private func corresponds(_ a: UInt64, _ b: UInt64, _ map: borrowing SequenceMap) -> Bool {
        a == simulated ? b == recorded : map.recorded(of: a) == b
    }

    @inline(__always)
    private static func mismatch(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer, from place: Int) -> Int {
        var place = place
        let count = a.count
        while place + 8 <= count {
            let x = unsafe a.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            let y = unsafe b.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            if x != y { return place + (x ^ y).trailingZeroBitCount / 8 }
            place += 8
        }
        while unsafe place < count && a[place] == b[place] { place += 1 }
        return place
    }

    /// The end of the hash or digest around a place, where it is that of the link or of the rule set.
    private static func endOfPassedOver(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Int? {
        var start = place
        while unsafe start > 0 && place - start <= tokenBytesMax && bytes[start - 1] != 0x22 { start -= 1 }
        guard unsafe isBehind(link, start - 1, bytes) || isBehind(ruleSet, start - 1, bytes) else { return nil }
        var end = place
        while unsafe end < bytes.count && bytes[end] != 0x22 { end += 1 }
        return end
    }

    private static func isBehind(_ name: [UInt8], _ place: Int, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard place >= name.count else { return false }
        for index in name.indices where unsafe bytes[place - name.count + index] != name[index] { return false }
        return true
    }
}

/// The parts of a decision by which it is found again in another world, hashed. Sequences count as the same: they are
/// numbers of entries, which are others there. A key depends on nothing but the decision, so that those of two worlds,
/// or of one that grew meanwhile, compare.
struct DecisionKey: Hashable {
    /// Type, subject and data.
    let content: Int
    /// Type and subject.
    let place: Int
    /// The reason.
    let reason: Int

    init(_ entry: View) {
        var place = Hasher()
        Self.add(entry["type"], to: &place)
        Self.add(entry["subject"], to: &place)
        self.place = place.finalize()
        var content = Hasher()
        content.combine(self.place)
        Self.add(entry["data"], to: &content)
        self.content = content.finalize()
        var reason = Hasher()
        Self.add(entry["because"], to: &reason)
        self.reason = reason.finalize()
    }

    private static func add(_ view: View?, to hasher: inout Hasher) {
        guard let view else { return hasher.combine(0) }
        unsafe view.withCanonicalBytes { bytes in
            hasher.combine(bytes.count)
            var place = 0
            while let run = unsafe SequenceText.next(from: place, to: bytes.count, in: bytes) {
                unsafe hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[place..<run.lowerBound]))
                let value = unsafe SequenceText.value(run, in: bytes)
                hasher.combine(value < SequenceText.sequencesMax ? SequenceText.nobody : value)
                place = run.upperBound
            }
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[place...]))
        }
    }
}
