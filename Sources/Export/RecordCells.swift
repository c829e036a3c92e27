import AgentKit
import Audit
import EventLog
import JSON

extension LedgerTables {
    /// The row of an entry.
    /// - Parameters:
    ///   - shown: the entry with erased fields marked.
    ///   - bytes: the entry as it is recorded.
    ///   - said: its sentence.
    static func cells(ofEntry shown: View, bytes: [UInt8], said: String, person: String?) -> [Cell] {
        func text(_ name: StaticString) -> Cell { .text(shown[name]?.string) }
        return [
            .sequence(sequence(of: shown)), text("type"), text("recordedtime"), text("subject"), text("source"),
            text("id"), text("authid"), .integer(number(shown["causationid"])), text("correlationid"), text("agent"),
            text("rule"), text("ruleset"), text("because"), .text(said), .text(person),
            .text(EntryChain.hashText(of: bytes)), shown["data"].map { .json(canonical($0)) } ?? .null,
        ]
    }

    /// The row of a transfer.
    static func cells(of transfer: RecordedTransfer, sequence: UInt64, position: Int, time: String) -> [Cell] {
        [
            .sequence(sequence), .integer(Int64(position)), .text(time), .text(transfer.id),
            .text(transfer.debitAccount), .text(transfer.creditAccount), .integer(transfer.amount),
            .text(transfer.currency), .integer(transfer.code), .text(transfer.purpose), .text(transfer.reference),
            .text(transfer.effect.rawValue), .text(transfer.pendingId),
        ]
    }

    /// The row of an account's balances.
    static func cells(ofAccount key: String, _ record: View) -> [Cell] {
        func total(_ name: StaticString) -> Total { Total(record[name]) ?? .zero }
        let (debits, credits) = (total("debitsPosted"), total("creditsPosted"))
        let held = total("debitsPending")
        return [
            .text(key), .text(record["currency"]?.string), .total(credits - debits), .total(credits - debits - held),
            .total(debits), .total(credits), .total(held), .total(total("creditsPending")),
            .boolean(record["closed"]?.bool ?? false),
        ]
    }

    /// The number in an attribute that is a padded sequence.
    private static func number(_ view: View?) -> Int64? {
        view?.string.flatMap { EntrySequence(padded: $0) }.map { Int64(clamping: $0.value) }
    }

    static func sequence(of entry: View) -> UInt64 {
        entry["sequence"]?.string.flatMap { EntrySequence(padded: $0) }?.value ?? 0
    }

    static func canonical(_ view: View) -> [UInt8] { unsafe view.withCanonicalBytes { unsafe [UInt8]($0) } }
}

extension SQLRecordTable {
    /// The row of a record.
    func cells(_ key: String, _ record: View) -> [Cell] {
        var cells: [Cell] = [.text(key)]
        for (member, column) in zip(members, shape.columns.dropFirst()) {
            cells.append(record.member(member).map { cell($0, column.kind) } ?? .null)
        }
        return cells
    }

    private func cell(_ view: View, _ kind: SQLTable.Column.Kind) -> Cell {
        if view.isNull { return .null }
        switch kind {
        case .text, .time: return .text(view.string)
        case .integer: return .integer(view.int)
        case .boolean: return view.bool.map { .boolean($0) } ?? .null
        case .total: return Total(view).map { .total($0) } ?? .null
        case .json: return .json(LedgerTables.canonical(view))
        }
    }
}
