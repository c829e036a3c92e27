import AgentKit
import Ledger

/// A reference model of the ledger: the list of applied transfers, from which every sum is computed anew on demand.
/// Slow, and shares no code with the machine.
struct LedgerModel {
    struct Entry {
        var transfer: Transfer
        var due: Instant?
        var isExpired = false
    }

    /// The limit of every sum of an account.
    let greatestTotal: Int128
    var accounts: [String: Account] = [:]
    var entries: [Entry] = []
    var burnt: Set<String> = []
    var now = Instant(milliseconds: 0)

    mutating func tick(seconds: Int64) {
        now = now.adding(seconds: seconds)
        for index in entries.indices where status(entries[index]) == .pending {
            if let due = entries[index].due, due <= now { entries[index].isExpired = true }
        }
    }

    func entry(_ id: String) -> Entry? { entries.first { $0.transfer.id == id } }

    func status(_ entry: Entry) -> PendingStatus? {
        guard entry.transfer.flags.contains(.pending) else { return nil }
        if let second = entries.first(where: { $0.transfer.pendingId == entry.transfer.id }) {
            return second.transfer.flags.contains(.postPendingTransfer) ? .posted : .voided
        }
        return entry.isExpired ? .expired : .pending
    }

    func isClosed(_ id: String) -> Bool {
        accounts[id]!.flags.contains(.closed)
            || entries.contains { entry in
                let transfer = entry.transfer
                return
                    (transfer.flags.contains(.closingDebit) && transfer.debitAccount == id
                    || transfer.flags.contains(.closingCredit) && transfer.creditAccount == id)
                    && [.pending, .posted].contains(status(entry))
            }
    }

    struct Sums: Equatable {
        var debitsPending: Int128 = 0
        var debitsPosted: Int128 = 0
        var creditsPending: Int128 = 0
        var creditsPosted: Int128 = 0
    }

    func sums(_ id: String) -> Sums {
        var sums = Sums()
        for entry in entries {
            let transfer = entry.transfer
            let amount = Int128(transfer.amount.minorUnits)
            guard transfer.debitAccount == id || transfer.creditAccount == id else { continue }
            let isDebit = transfer.debitAccount == id
            if transfer.flags.contains(.voidPendingTransfer) { continue }
            if transfer.flags.contains(.pending) {
                guard status(entry) == .pending else { continue }
                if isDebit { sums.debitsPending += amount } else { sums.creditsPending += amount }
            } else if isDebit {
                sums.debitsPosted += amount
            } else {
                sums.creditsPosted += amount
            }
        }
        return sums
    }

    mutating func apply(_ batch: [Transfer]) -> [ResultCode] {
        var results: [ResultCode] = []
        var index = 0
        while index < batch.count {
            var end = index
            while end < batch.count, batch[end].flags.contains(.linked) { end += 1 }
            let isOpen = end == batch.count
            let chain = Array(batch[index..<min(end + 1, batch.count)])
            results += apply(chain: chain, isOpen: isOpen)
            index += chain.count
        }
        return results
    }

    private mutating func apply(chain: [Transfer], isOpen: Bool) -> [ResultCode] {
        let before = entries
        for (index, transfer) in chain.enumerated() {
            let isLast = index == chain.count - 1
            let result = isOpen && isLast ? .linkedEventChainOpen : single(transfer)
            guard result != .created else { continue }
            entries = before
            if result.isTransient { burnt.insert(transfer.id) }
            var results = [ResultCode](repeating: .linkedEventFailed, count: chain.count)
            results[index] = result
            if isOpen { results[chain.count - 1] = .linkedEventChainOpen }
            return results
        }
        return [ResultCode](repeating: .created, count: chain.count)
    }

    private mutating func single(_ transfer: Transfer) -> ResultCode {
        if transfer.id == "" { return .idMustNotBeZero }
        if let known = entry(transfer.id)?.transfer { return again(transfer, known) }
        if burnt.contains(transfer.id) { return .idAlreadyFailed }
        return transfer.flags.isSecondPhase ? second(transfer) : first(transfer)
    }
}
