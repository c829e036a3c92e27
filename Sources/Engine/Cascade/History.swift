package import AgentKit
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
