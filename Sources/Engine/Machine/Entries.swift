package import AgentKit
import EventLog
package import JSON

/// The committed entries, as the machine reads them back.
package protocol History: AnyObject {
    func entry(_ sequence: EntrySequence) -> Document?
}

/// A history without entries, for a ledger that lives in memory.
package final class NoHistory: History {
    package init() {}
    package func entry(_ sequence: EntrySequence) -> Document? { nil }
}

/// All entries of a ledger: those that the log holds, those handed over to be committed, and those since.
final class Entries {
    private let history: any History
    /// The entries since the last commit.
    private(set) var chain: EntryChain
    /// Entries that were handed over and may not be in the log yet.
    private var taken: EntryChain?

    /// - Parameter chain: an empty chain at the head of the log.
    init(history: any History, chain: EntryChain) {
        self.history = history
        self.chain = chain
    }

    /// The sequence the next entry gets.
    var next: EntrySequence { EntrySequence(chain.base + UInt64(chain.count)) }

    /// Indicates that the log has no entry yet.
    var isEmpty: Bool { next.value == 0 }

    /// The recorded bytes of an entry, committed or not.
    func recorded(_ sequence: EntrySequence) -> Document? {
        guard sequence.value >= chain.base else {
            guard let taken, sequence.value >= taken.base else { return history.entry(sequence) }
            return Self.entry(Int(sequence.value - taken.base), of: taken)
        }
        return Self.entry(Int(sequence.value - chain.base), of: chain)
    }

    private static func entry(_ index: Int, of chain: EntryChain) -> Document? {
        guard index < chain.count else { return nil }
        return unsafe chain.withEntry(index) { bytes in try? unsafe Document(canonical: bytes) }
    }

    /// Hands over the entries since the last commit and starts an empty chain behind them.
    func take() -> EntryChain {
        let taken = chain
        chain = taken.successor()
        self.taken = taken
        return taken
    }

    /// Forgets the entries handed over: the log holds them now.
    func forgetTaken() { taken = nil }

    /// Goes on behind another entry.
    func resume(behind chain: EntryChain) { self.chain = chain }
}
