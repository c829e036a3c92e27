import AgentKit
import Engine
import JSON

/// The sequences that recorded triggers have, and name, in this world.
extension SimulatedWorld {
    /// Indicates that a trigger, or a row, names an entry, whose number in this world must be known.
    func needsMap(_ cascade: RecordedCascade) -> Bool {
        let root = cascade.trigger.root
        guard cascade.origin != .clock, let data = root["data"] else { return false }
        return unsafe data.withCanonicalBytes { bytes in
            var place = 0
            while let run = unsafe SequenceText.next(from: place, to: bytes.count, in: bytes) {
                if unsafe SequenceText.value(run, in: bytes) < cascade.first { return true }
                place = run.upperBound
            }
            return false
        }
    }

    /// A recorded trigger with the sequences that it has, and names, in this world.
    func moved(_ cascade: RecordedCascade) -> Document? {
        let own = machine.next
        let root = cascade.trigger.root
        let named = needsMap(cascade) ? root["data"]?.canonicalRange : nil
        guard own.value != cascade.first || named != nil else { return cascade.trigger }
        var bytes = cascade.trigger.bytes
        let before = EntrySequence(cascade.first).padded
        unsafe bytes.withUnsafeMutableBytes { bytes in
            if let named { unsafe translate(bytes, named, before: cascade.first) }
            for view in [root["sequence"], root["correlationid"]] {
                guard let view, view.equals(before) else { continue }
                let range = view.canonicalRange
                unsafe own.write(
                    into: UnsafeMutableRawBufferPointer(rebasing: bytes[range.lowerBound + 1..<range.upperBound - 1]))
            }
        }
        return try? Document(adopting: bytes)
    }

    /// Replaces the sequences that a trigger's data name, alone or in an id that the rules made of one: 16 digits that say
    /// the number of an earlier entry. In hardly anything else are there so many zeros.
    private func translate(_ bytes: UnsafeMutableRawBufferPointer, _ range: Range<Int>, before end: UInt64) {
        var place = range.lowerBound
        while let run = unsafe SequenceText.next(from: place, to: range.upperBound, in: UnsafeRawBufferPointer(bytes)) {
            place = run.upperBound
            let value = unsafe SequenceText.value(run, in: UnsafeRawBufferPointer(bytes))
            guard value < end else { continue }
            let moved = EntrySequence(simulated(of: value) ?? SequenceText.nobody)
            unsafe moved.write(into: UnsafeMutableRawBufferPointer(rebasing: bytes[run]))
        }
    }
}
