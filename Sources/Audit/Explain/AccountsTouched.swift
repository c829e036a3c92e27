import AgentKit
import JSON

/// The accounts that entries have moved money on.
struct AccountsTouched {
    private var accounts: Set<String> = []
    /// Transfers set aside that expired.
    private var expired: Set<String> = []

    init(by entries: [Document]) {
        for entry in entries {
            for transfer in TransferPosted(of: entry.root).map({ Array($0.transfers) }) ?? [] {
                accounts.insert(transfer.debitAccount)
                accounts.insert(transfer.creditAccount)
            }
            if let timer = TimerFired(of: entry.root), timer.name == "transfer.expiry" { expired.insert(timer.key) }
        }
    }

    /// Their ids in byte order. `held` gives the record of a transfer that is set aside.
    func ids(held: (String) -> Document?) -> [String] {
        var all = accounts
        for id in expired {
            guard let record = held(id)?.root else { continue }
            all.insert(record.text("debitAccount"))
            all.insert(record.text("creditAccount"))
        }
        return all.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
