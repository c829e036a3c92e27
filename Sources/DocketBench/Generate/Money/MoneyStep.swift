/// What happens to wallets; people, locks and withdrawals are given by their numbers.
enum MoneyStep {
    case deposit(Int)
    case pay(Int)
    case payTogether(Int)
    case withdraw(Int)
    /// The bank answers.
    case payOut(Int)
    /// The bank takes back what it paid.
    case returned(Int)
    case lock(Int)
    case unlock
    /// Income may be withdrawn from now on.
    case mature(Int, Int, Currency)
}
