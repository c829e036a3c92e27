/// Amounts in minor units, one a currency.
struct Purse {
    private var rupees = 0
    private var dollars = 0
    private var coins = 0

    subscript(currency: Currency) -> Int {
        get {
            switch currency {
            case .rupees: rupees
            case .dollars: dollars
            case .coins: coins
            }
        }
        set {
            switch currency {
            case .rupees: rupees = newValue
            case .dollars: dollars = newValue
            case .coins: coins = newValue
            }
        }
    }
}
