import AgentKit

extension WalletState {
    /// What was released to an account after a moment.
    func income(_ account: String, after since: Instant) -> Amount {
        let now = IncomeRow.day(of: context.recordedTime)
        let from = IncomeRow.day(of: since)
        guard from <= now, now - from <= Self.incomeDaysMax else { return .zero }
        var sum = Amount.zero
        for day in from...now {
            guard let row = income[IncomeRow.key(account, day: day)] else { continue }
            sum += day == from ? row.sum(after: since) : row.total
        }
        return sum
    }

    /// The longest time over which income is added up, in days.
    static let incomeDaysMax: Int64 = 400

    func addIncome(_ account: String, _ amount: Amount, at time: Instant) {
        income.upsert(IncomeRow.key(account, day: IncomeRow.day(of: time))) { $0.add(amount, at: time) }
    }
}
