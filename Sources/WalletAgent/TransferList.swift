import AgentKit
import Ledger

/// Transfers in a compact form that rules read as a list of records and the log takes as canonical JSON.
final class TransferList: HostObject, @unchecked Sendable {
    let transfers: [Transfer]
    /// Plain transfers carry no id of their own: it is this and their place.
    let idPrefix: String
    let first: Int

    /// Transfers that are asked for: they have no ids yet.
    init(requested transfers: [Transfer]) {
        self.transfers = transfers
        idPrefix = ""
        first = 0
    }

    /// Transfers as applied, by the entry that asked for them.
    init(posted transfers: [Transfer], by sequence: EntrySequence, first: Int) {
        self.transfers = transfers
        idPrefix = sequence.padded + "/"
        self.first = first
    }

    /// One transfer for all from one account to another, in the order of the first of each.
    static func combined(_ transfers: [Transfer]) -> [Transfer] {
        var combined: [Transfer] = []
        var places: [String: Int] = [:]
        for transfer in transfers {
            let pair = transfer.debitAccount + " " + transfer.creditAccount
            if let place = places[pair] {
                combined[place].amount += transfer.amount
            } else {
                places[pair] = combined.count
                combined.append(transfer)
            }
        }
        return combined
    }

    func id(_ index: Int) -> String? { idPrefix.isEmpty ? nil : idPrefix + String(first + index) }

    func kind(_ node: UInt32) -> HostKind { node == 0 ? .list : .map }

    func count(_ node: UInt32) -> Int {
        if node == 0 { return transfers.count }
        let transfer = transfers[Int(node) - 1]
        return 4 + (idPrefix.isEmpty ? 0 : 1) + (transfer.code != 0 ? 1 : 0) + (transfer.flags.isEmpty ? 0 : 1)
            + (transfer.pendingId.isEmpty ? 0 : 1) + (transfer.timeoutSeconds != 0 ? 1 : 0)
    }

    func element(_ node: UInt32, _ index: Int) -> Value? {
        index >= 0 && index < transfers.count ? .host(self, UInt32(index) + 1) : nil
    }

    func member(_ node: UInt32, _ name: FieldName) -> Value? {
        node == 0 ? nil : member(Int(node) - 1, name.text)
    }

    private func member(_ index: Int, _ name: String) -> Value? {
        let transfer = transfers[index]
        switch name {
        case "amount": return transfer.amount.money(in: transfer.currency)
        case "code": return transfer.code == 0 ? nil : .int(transfer.code)
        case "creditAccount": return .string(transfer.creditAccount)
        case "currency": return .string(transfer.currency.text)
        case "debitAccount": return .string(transfer.debitAccount)
        case "flags": return transfer.flags.isEmpty ? nil : .list(transfer.flags.setNames.map(Value.string))
        case "id": return id(index).map(Value.string)
        case "pendingId": return transfer.pendingId.isEmpty ? nil : .string(transfer.pendingId)
        case "timeoutSeconds": return transfer.timeoutSeconds == 0 ? nil : .int(transfer.timeoutSeconds)
        default: return nil
        }
    }

    func key(_ node: UInt32, at position: Int) -> Value {
        guard node > 0 else { return .null }
        let present = PostedRecord.members.filter { member(Int(node) - 1, $0) != nil }
        return position >= 0 && position < present.count ? .string(present[position]) : .null
    }
}
