import AgentKit

/// Which entry of the log each entry of a simulated world corresponds to, and the reverse. Entries before the first
/// simulated one are the same in both.
struct SequenceMap {
    private static let none = UInt64.max

    /// The first simulated sequence.
    let base: UInt64
    private var recordedOf: [UInt64] = []
    private var simulatedOf: [UInt64] = []
    /// Indicates that some entries correspond to others than those of their own number.
    private(set) var isShifted = false

    init(base: UInt64) { self.base = base }

    mutating func match(simulated: UInt64, recorded: UInt64) {
        if simulated != recorded { isShifted = true }
        Self.set(&recordedOf, simulated, recorded, base)
        Self.set(&simulatedOf, recorded, simulated, base)
    }

    private static func set(_ list: inout [UInt64], _ index: UInt64, _ value: UInt64, _ base: UInt64) {
        guard index >= base else { return }
        let place = Int(index - base)
        while list.count < place { list.append(none) }
        if place == list.count { list.append(value) } else { list[place] = value }
    }

    /// The recorded entry of a simulated one; nil where the log has none.
    func recorded(of simulated: UInt64) -> UInt64? { Self.value(recordedOf, simulated, base) }

    /// The simulated entry of a recorded one; nil where the simulated world has none.
    func simulated(of recorded: UInt64) -> UInt64? { Self.value(simulatedOf, recorded, base) }

    private static func value(_ list: [UInt64], _ index: UInt64, _ base: UInt64) -> UInt64? {
        guard index >= base else { return index }
        let place = Int(clamping: index - base)
        guard place < list.count, list[place] != none else { return nil }
        return list[place]
    }
}

/// Runs of exactly 16 digits in an entry's bytes: the form in which entries name one another.
enum SequenceText {
    private static let digits = EntrySequence.digits

    @inline(__always)
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// The run of digits around a place; nil where it has not exactly 16.
    @inline(__always)
    static func run(around place: Int, in bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        var start = place
        while unsafe start > 0 && place - start <= digits && isDigit(bytes[start - 1]) { start -= 1 }
        var end = place
        while unsafe end < bytes.count && end - start <= digits && isDigit(bytes[end]) { end += 1 }
        return end - start == digits ? start..<end : nil
    }

    /// The next run of exactly 16 digits that begins at a place or later.
    static func next(from place: Int, to end: Int, in bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        // Such a run covers a place that is a multiple of 8 behind its begin.
        var probe = place + 7
        while probe < end {
            if unsafe isDigit(bytes[probe]), let run = unsafe run(around: probe, in: bytes), run.lowerBound >= place,
                run.upperBound <= end
            {
                return run
            }
            probe += 8
        }
        return nil
    }

    /// The number that 16 digits say.
    @inline(__always)
    static func value(_ run: Range<Int>, in bytes: UnsafeRawBufferPointer) -> UInt64 {
        var value: UInt64 = 0
        for place in run { unsafe value = value &* 10 &+ UInt64(bytes[place] &- 0x30) }
        return value
    }

    /// The sequence that stands for an entry which the other world lacks; no log is that long.
    static let nobody: UInt64 = 9_999_999_999_999_999

    /// Entries that no log reaches: a run of digits that says as much or more is something else.
    static let sequencesMax: UInt64 = 1_000_000_000_000

    /// A text with others in place of the sequences in it.
    /// - Parameter other: the sequence for one; nil where there is none.
    static func replacing(_ text: String, by other: (UInt64) -> UInt64?) -> String {
        var bytes = Array(text.utf8)
        var place = 0
        unsafe bytes.withUnsafeMutableBytes { bytes in
            while let run = unsafe next(from: place, to: bytes.count, in: UnsafeRawBufferPointer(bytes)) {
                place = run.upperBound
                let value = unsafe value(run, in: UnsafeRawBufferPointer(bytes))
                guard value < sequencesMax else { continue }
                let moved = EntrySequence(other(value) ?? nobody)
                unsafe moved.write(into: UnsafeMutableRawBufferPointer(rebasing: bytes[run]))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
