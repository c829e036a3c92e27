/// Coins that someone locked.
struct Lock {
    let person: Int
    let amount: Int
    var isOpen = true
}
