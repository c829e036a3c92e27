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
