package import AgentKit

/// One agent alone in memory: entries are folded into its tables, and its functions are evaluated as rules call them.
package final class AgentBench<A: Agent> {
    package let tables = TableSet()
    package let state: A.State
    /// The time at which the next entry is recorded; at first 2024-02-15T12:26:40Z.
    package var now = Instant(milliseconds: 1_708_000_000_000)
    /// The sequence of the entry folded last.
    package private(set) var sequence: UInt64 = 0

    package init() { state = A.state(in: tables) }

    /// Folds an entry of a type that the agent folds.
    /// - Parameter more: further members of the entry, each with a comma before it.
    /// - Throws: `NotFolded` for another type, or the parser's error.
    package func fold(_ type: String, _ data: String, more: String = "") throws {
        var writer = CanonicalWriter(capacity: 256)
        writer.value(try Document.parse(Array("{\"data\":\(data)\(more)}".utf8)).root)
        sequence += 1
        let event = Event(
            try Document(adopting: writer.bytes), sequence: EntrySequence(sequence), type: type, recordedTime: now)
        guard let fold = A.Fold(event) else { throw NotFolded(type: type) }
        A.reduce(state, fold, event)
    }

    /// Folds `transfer.posted`; each transfer is a debited account, a credited one and an amount, in rupees.
    package func post(
        _ purpose: String, _ reference: String, _ transfers: [(debit: String, credit: String, amount: Int64)],
        requested: String = "0000000000000001"
    ) throws {
        let list = transfers.enumerated().map { index, transfer in
            #"{"amount":\#(transfer.amount),"creditAccount":"\#(transfer.credit)/PKR","currency":"PKR","#
                + #""debitAccount":"\#(transfer.debit)/PKR","id":"\#(requested)/\#(index)"}"#
        }
        try fold(
            "transfer.posted",
            #"{"purpose":"\#(purpose)","reference":"\#(reference)","requested":"\#(requested)","transfers":["#
                + list.joined(separator: ",") + "]}")
    }

    /// Evaluates an expression with the agent's functions at `now`.
    package func evaluate(_ source: String) throws -> Value {
        tables.context.sequence = EntrySequence(sequence)
        tables.context.recordedTime = now
        var environment = CELEnvironment()
        for function in A.functions(state) { environment.declare(function: function) }
        return try environment.compile(source).evaluate(Activation(slots: 0))
    }
}

/// An entry of a type that the agent does not fold.
package struct NotFolded: Error {
    package let type: String
}
