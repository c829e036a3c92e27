/// What a member's type or name asks of its value beside its kind.
enum Constraint: Hashable, Sendable {
    /// Money or a stock: 0 or more.
    case notNegative
    /// A quantity: 1 or more.
    case positive

    static let identifierBytesMax = 128
    /// What an id looks like, as a regular expression.
    static let identifierPattern = "^[A-Za-z0-9._:-]{1,128}$"

    init?(name: String, type: DeclaredType) {
        switch (name, type) {
        case (_, let type) where type.holdsAmounts: self = .notNegative
        case ("stock", .int), ("refundAmount", .int): self = .notNegative
        case ("quantity", .int): self = .positive
        default: return nil
        }
    }

    /// What is wrong with an integer, or nil.
    func problem(_ value: Int64) -> String? {
        switch self {
        case .notNegative: value >= 0 ? nil : "`\(value)` is less than 0"
        case .positive: value >= 1 ? nil : "`\(value)` is less than 1"
        }
    }

    /// Whether the bytes spell an id.
    @unsafe static func isIdentifier(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= 1, bytes.count <= identifierBytesMax else { return false }
        return unsafe bytes.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x5F, 0x3A, 0x2D: true
            default: false
            }
        }
    }
}
