import AgentKit

extension AnalyticsState {
    /// Counts what was released and what the platform earned. Most transfers are payments and deposits: they are neither,
    /// and nothing more than their purpose is read.
    func fold(transfers data: View) {
        guard let purpose = data["purpose"], !purpose.isString("payment"), !purpose.isString("deposit") else { return }
        let isRelease = purpose.isString("escrow.release") || purpose.isString("service.release")
        data["transfers"]?.forEachElement { transfer in
            func count(_ amount: Int64, as figure: String) { add(amount, to: figure + transfer.text("currency")) }
            let amount = transfer.integer("amount")
            if isRelease { count(amount, as: "turnover/") }
            if transfer.isOfFees("creditAccount") { count(amount, as: "fees/") }
            if transfer.isOfFees("debitAccount") { count(-amount, as: "fees/") }
        }
    }
}

extension View {
    /// Whether a member is the account of the platform's fees in some currency.
    fileprivate func isOfFees(_ name: StaticString) -> Bool {
        self[name]?.hasPrefix("platform/fees/") ?? false
    }
}
