import AgentKit

extension FranchiseState {
    /// Adds what arrives in the accounts of franchises, and notes the price of a sale as paid.
    func fold(posted data: View) {
        // Payments and deposits are most of all transfers and only ever reach wallets.
        guard let purpose = data["purpose"], !purpose.isString("payment"), !purpose.isString("deposit") else { return }
        if purpose.isString("area.sale") {
            sales.update(data.text("reference")) { if $0.status == .accepted { $0.status = .paid } }
        }
        data["transfers"]?.forEachElement { transfer in
            guard let account = transfer["creditAccount"], account.hasPrefix("franchise/"),
                !transfer.texts("flags").contains(where: { $0 == "pending" || $0 == "voidPendingTransfer" })
            else { return }
            let parts = (account.string ?? "").split(separator: "/")
            guard parts.count == 3 else { return }
            add(String(parts[1]), String(parts[2])) { $0.income += transfer.amount("amount") }
        }
    }

    /// Counts a fine on a franchise.
    func fold(fined data: View) {
        guard data["party"]?.isString("franchise") == true else { return }
        let id = data.text("partyId")
        add(id, data.text("currency")) { $0.fines += data.amount("amount") }
        count(id) { $0.fines += 1 }
    }

    /// Begins the next month with what this one left out.
    func fold(settled data: View) {
        income.update(FranchiseIncome.key(data.text("franchiseId"), data.text("currency"))) {
            $0.income -= data.amount("income")
            $0.fines -= data.amount("fines")
        }
    }

    private func add(_ franchiseId: String, _ currency: String, _ change: (inout FranchiseIncome) -> Void) {
        income.upsert(FranchiseIncome.key(franchiseId, currency), change)
        guard let franchise = franchises[franchiseId], !franchise.currencies.contains(currency) else { return }
        franchises.update(franchiseId) { $0.currencies.append(currency) }
    }
}
