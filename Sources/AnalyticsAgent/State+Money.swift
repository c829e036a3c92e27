import AgentKit

extension AnalyticsState {
    /// Counts what was released and what the platform earned. Most transfers are payments and deposits: they are neither,
    /// and nothing more than their purpose is read.
    func fold(transfers data: View) {
        guard let purpose = data["purpose"], !purpose.isString("payment"), !purpose.isString("deposit") else { return }
        let isRelease = purpose.isString("escrow.release") || purpose.isString("service.release")
        data["transfers"]?.forEachElement { transfer in
            let amount = transfer.integer("amount")
            let currency = transfer.text("currency")
            if isRelease { add(amount, to: "turnover/" + currency) }
            if transfer.isOfFees("creditAccount") { add(amount, to: "fees/" + currency) }
            if transfer.isOfFees("debitAccount") { add(-amount, to: "fees/" + currency) }
        }
    }
}

extension View {
    /// Whether a member is the account of the platform's fees in some currency.
    fileprivate func isOfFees(_ name: StaticString) -> Bool {
        unsafe self[name]?.withText { unsafe $0.starts(with: "platform/fees/".utf8) } ?? false
    }
}
