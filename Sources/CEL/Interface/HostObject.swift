import Glibc
package import Synchronization

/// Data of the program that embeds CEL, read in place: JSON views, rows, variables computed on first use.
///
/// A node is a number that the host gives to one of its parts; 0 is the whole by convention. A host's answers must not
/// change while an evaluation runs.
package protocol HostObject: AnyObject, Sendable {
    /// The kind of `node`.
    func kind(_ node: UInt32) -> HostKind

    /// The number of entries or elements.
    func count(_ node: UInt32) -> Int

    /// The member of a map, nil if it is absent; `.error` if it cannot be computed.
    func member(_ node: UInt32, _ name: FieldName) -> Value?

    /// The member of a map by a key known at run time (of any type), nil if it is absent.
    func member(_ node: UInt32, key: Value) -> Value?

    /// Returns whether a map has a key, for hosts that can tell without building the member.
    func contains(_ node: UInt32, key: Value) -> Bool

    /// The currency of the amounts in a map or list: its own member `currency`, or else that of its container; nil if
    /// there is none.
    func currency(_ node: UInt32) -> CurrencyCode?

    /// The element of a list, or nil past its end.
    func element(_ node: UInt32, _ index: Int) -> Value?

    /// The key at one position of a map, in key order.
    func key(_ node: UInt32, at position: Int) -> Value

    /// The UTF-8 of a `Value.text` node; the memory must last as long as the host.
    @unsafe func text(_ node: UInt32) -> UnsafeRawBufferPointer
}

extension HostObject {
    package func kind(_ node: UInt32) -> HostKind { .map }
    package func count(_ node: UInt32) -> Int { 0 }
    package func member(_ node: UInt32, key: Value) -> Value? {
        guard let name = key.stringValue else { return nil }
        return member(node, FieldName(name))
    }
    package func contains(_ node: UInt32, key: Value) -> Bool { member(node, key: key) != nil }
    package func currency(_ node: UInt32) -> CurrencyCode? {
        member(node, key: .string("currency")).flatMap { CurrencyCode($0) }
    }
    package func element(_ node: UInt32, _ index: Int) -> Value? { nil }
    package func key(_ node: UInt32, at position: Int) -> Value { .null }
    @unsafe package func text(_ node: UInt32) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    }
}

extension HostObject {
    /// The amount in a node with its currency; an error if it has none.
    package func money(_ minorUnits: Int64, _ node: UInt32) -> Value {
        guard let currency = currency(node), currency != .none || minorUnits == 0 else { return .noCurrency }
        return .money(Money(minorUnits, currency))
    }
}

extension Value {
    /// Converts a value that was read from a host's node and is declared as an amount, or a list of amounts, to money.
    package func amounts(of host: any HostObject, _ node: UInt32) -> Value {
        switch self {
        case .int(let minorUnits): return host.money(minorUnits, node)
        case .host(let list, let place) where list.kind(place) == .list:
            var amounts: [Value] = []
            for index in 0..<list.count(place) {
                guard case .int(let minorUnits)? = list.element(place, index) else { return self }
                let amount = host.money(minorUnits, node)
                if case .error = amount { return amount }
                amounts.append(amount)
            }
            return .list(amounts)
        default: return self
        }
    }
}

/// The kind of a host object's node.
package enum HostKind: Sendable { case map, list }

/// A member's name, prepared at compile time so that a host's lookup need neither hash nor allocate.
package final class FieldName: Sendable {
    package let text: String
    /// The UTF-8 of the name.
    package let utf8: [UInt8]
    let isASCII: Bool
    /// A place for the host's own use, such as the last position of the member. A hint only: any thread may write it.
    package let hint = Atomic<UInt64>(0)

    package init(_ text: String) {
        self.text = text
        utf8 = Array(text.utf8)
        isASCII = utf8.allSatisfy { $0 < 0x80 }
    }

    /// Returns whether `bytes` spell this name.
    @unsafe @inlinable package func matches(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count == utf8.count else { return false }
        return unsafe utf8.withUnsafeBytes { mine in
            guard let a = mine.baseAddress, let b = bytes.baseAddress else { return true }
            return unsafe memcmp(a, b, mine.count) == 0
        }
    }
}
