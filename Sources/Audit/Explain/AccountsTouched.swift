import AgentKit
import JSON

/// The accounts that entries have moved money on.
struct AccountsTouched {
    private var accounts: Set<String> = []
    /// Transfers set aside that expired.
    private var expired: Set<String> = []

    init(by entries: [Document]) {
        for entry in entries {
            guard let data = entry.root["data"] else { continue }
            switch entry.root.text("type") {
            case "transfer.posted":
                data["transfers"]?.forEachElement { transfer in
                    accounts.insert(transfer.text("debitAccount"))
                    accounts.insert(transfer.text("creditAccount"))
                }
            case "timer.fired":
                if data["name"]?.isString("transfer.expiry") == true { expired.insert(data.text("key")) }
            default: continue
            }
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
