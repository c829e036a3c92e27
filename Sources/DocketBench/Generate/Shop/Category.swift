/// A kind of goods: what they are called, and what a piece costs.
struct Category {
    let name: String
    let nouns: [String]
    let tags: [String]
    /// Rupees.
    let prices: ClosedRange<Int>
    /// Whether it is sent over the wire instead of by a rider.
    var isDigital = false

    static let all = [
        Category(
            name: "electronics", nouns: ["Speaker", "Headphones", "Power bank", "Keyboard", "Desk lamp"],
            tags: ["electronics", "music", "travel"], prices: 900...25_000),
        Category(
            name: "fashion", nouns: ["Shawl", "Kurta", "Sandals", "Waistcoat", "Scarf"], tags: ["fashion", "travel"],
            prices: 600...9000),
        Category(
            name: "groceries", nouns: ["Basmati rice", "Mango box", "Honey", "Green tea", "Almonds"],
            tags: ["groceries", "garden"], prices: 200...3500),
        Category(
            name: "home", nouns: ["Kettle", "Bedsheet", "Carpet", "Storage box", "Wall clock"],
            tags: ["home", "garden"], prices: 500...18_000),
        Category(
            name: "sports", nouns: ["Cricket bat", "Football", "Yoga mat", "Shuttlecocks"], tags: ["sports"],
            prices: 400...12_000),
        Category(
            name: "digital", nouns: ["E-book", "Icon set", "Course", "Photo pack"], tags: ["digital", "books"],
            prices: 150...4000, isDigital: true),
    ]

    static let looks = ["Classic", "Compact", "Handmade", "Premium", "Everyday", "Blue", "Red", "Large", "Small"]
}
