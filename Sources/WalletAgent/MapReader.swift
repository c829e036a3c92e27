import AgentKit

/// Reads members of a map value, wherever it lies.
struct MapReader {
    private let value: Value

    init(_ value: Value) { self.value = value }

    func member(_ name: String) -> Value? {
        switch value {
        case .map(let map): map[name]
        case .host(let host, let node): host.kind(node) == .map ? host.member(node, key: .string(name)) : nil
        default: nil
        }
    }

    func text(_ name: String) -> String? { member(name)?.stringValue }

    /// Minor units and the code of their currency, which an int has in the member `currency` beside it; nil where it has none,
    /// or one beside it is another.
    func amount(_ name: String) -> (minorUnits: Int64, currency: CurrencyCode)? {
        let beside = member("currency").map { CurrencyCode($0) }
        switch member(name) {
        case .money(let money):
            return (beside ?? money.currency) == money.currency ? (money.minorUnits, money.currency) : nil
        case .int(let minorUnits): return (beside ?? nil).map { (minorUnits, $0) }
        default: return nil
        }
    }

    func integer(_ name: String) -> Int64? { member(name)?.intValue }

    func texts(_ name: String) -> [String] {
        switch member(name) {
        case .list(let elements): elements.compactMap(\.stringValue)
        case .host(let host, let node):
            (0..<host.count(node)).compactMap { host.element(node, $0)?.stringValue }
        default: []
        }
    }
}
