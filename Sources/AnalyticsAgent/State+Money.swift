import AgentKit

extension AnalyticsState {
    /// Counts what was released and what the platform earned. Most transfers are payments and deposits: they are neither,
    /// and nothing more than their purpose is read.
    func fold(_ posted: TransferPosted) {
        let purpose = posted.purpose
        guard purpose != "payment", purpose != "deposit" else { return }
        let isRelease = purpose == "escrow.release" || purpose == "service.release"
        for transfer in posted.transfers {
            func count(_ amount: Int64, as figure: String) { add(amount, to: figure + transfer.currency) }
            let amount = transfer.amount
            if isRelease { count(amount, as: "turnover/") }
            if isOfFees(transfer.document, transfer.creditAccountNode) { count(amount, as: "fees/") }
            if isOfFees(transfer.document, transfer.debitAccountNode) { count(-amount, as: "fees/") }
        }
    }

    /// Whether a text is the account of the platform's fees in some currency.
    private func isOfFees(_ document: Document, _ node: UInt32) -> Bool {
        Field.hasPrefix(document, node, "platform/fees/")
    }
}
