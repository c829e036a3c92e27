/// A person as the generator imagines them: what the ledger will have decided is guessed, not known.
struct Person {
    let number: Int
    let role: Role
    /// The index of the area where they live.
    let area: Int
    var level: Level
    /// The highest level that they ever had or asked for: the ledger gives no higher one.
    var levelAsked: Level
    /// Whether their identity was verified.
    var isKnown = false
    /// Whether they asked to be erased: they do nothing more.
    var isGone = false
    /// What their wallets hold.
    var purse = Purse()
    /// Income that is old enough to be withdrawn.
    var matured = Purse()
    var lockedCoins = 0
    /// Orders that settled, bought or sold.
    var settled = 0

    var id: Ident { .user(number) }

    init(_ number: Int, _ role: Role, area: Int, level: Level) {
        self.number = number
        self.role = role
        self.area = area
        self.level = level
        levelAsked = level
        isKnown = level > .free
    }
}
