/// What a seller offers.
struct Product {
    let number: Int
    let seller: Int
    let category: Int
    /// Of one piece, in minor units of PKR.
    let price: Int
    let level: Level
    /// Pieces left.
    var stock: Int

    var id: Ident { .product(number) }
    var isDigital: Bool { Category.all[category].isDigital }
}
