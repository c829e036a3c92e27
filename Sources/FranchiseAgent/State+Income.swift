package import AgentKit

/// The income and fines of a franchise in one currency since its last settlement; its key is the franchise and the
/// currency.
package struct FranchiseIncome: Row {
    /// The money that arrived in its account.
    package var income = Amount.zero
    /// The fines imposed on it, paid or owed.
    package var fines = Amount.zero

    package init() {}

    package static let name = "franchiseIncome"
    package static let fields: RowFields<FranchiseIncome> = [
        .init("income", \.income), .init("fines", \.fines),
    ]

    /// Identifiers hold no `/`.
    static func key(_ franchiseId: String, _ currency: String) -> String { franchiseId + "/" + currency }
}

extension FranchiseState {
    /// Adds what arrives in the accounts of franchises, and notes the price of a sale as paid.
    func fold(_ posted: TransferPosted) {
        // Payments and deposits are most of all transfers and only ever reach wallets.
        let purpose = posted.purpose
        guard purpose != "payment", purpose != "deposit", purpose != "fine.reverse" else { return }
        if purpose == "area.sale" {
            sales.update(posted.reference) { if $0.status == .accepted { $0.status = .paid } }
        }
        for transfer in posted.transfers {
            guard Field.hasPrefix(transfer.document, transfer.creditAccountNode, "franchise/"),
                !transfer.flags.contains(where: { $0 == "pending" || $0 == "voidPendingTransfer" })
            else { continue }
            let parts = transfer.creditAccount.split(separator: "/")
            guard parts.count == 3 else { continue }
            add(String(parts[1]), String(parts[2])) { $0.income += Amount(transfer.amount) }
        }
    }

    /// Counts a fine on a franchise.
    func fold(_ fine: FineImposed) {
        guard fine.party == "franchise" else { return }
        add(fine.partyId, fine.currency) { $0.fines += Amount(fine.amount) }
        count(fine: fine.fineId, of: fine.partyId)
    }

    /// Takes a fine back. What an earlier settlement told of it already, this one tells as income.
    func fold(_ fine: FineReversed) {
        guard fine.party == "franchise" else { return }
        add(fine.partyId, fine.currency) {
            let open = min($0.fines, Amount(fine.amount))
            $0.fines -= open
            $0.income += Amount(fine.amount) - open
        }
        takeBack(fine: fine.fineId)
    }

    /// Begins the next month with what this one left out.
    func fold(_ settlement: SettlementIssued) {
        income.update(FranchiseIncome.key(settlement.franchiseId, settlement.currency)) {
            $0.income -= Amount(settlement.income)
            $0.fines -= Amount(settlement.fines)
        }
    }

    private func add(_ franchiseId: String, _ currency: String, _ change: (inout FranchiseIncome) -> Void) {
        income.upsert(FranchiseIncome.key(franchiseId, currency), change)
        guard let franchise = franchises[franchiseId], !franchise.currencies.contains(currency) else { return }
        franchises.update(franchiseId) { $0.currencies.append(currency) }
    }
}
