import Glibc
package import Synchronization

/// Data of the program that embeds CEL, read in place: JSON views, rows, variables computed on first use.
///
/// A node is whatever the host numbers its parts with; 0 is by custom the whole. What a host answers must not change
/// while an evaluation runs.
package protocol HostObject: AnyObject, Sendable {
    /// Whether `node` is a map or a list.
    func kind(_ node: UInt32) -> HostKind

    /// The number of entries or elements.
    func count(_ node: UInt32) -> Int

    /// The member of a map, or nil where it is absent; `.error` where it cannot be computed.
    func member(_ node: UInt32, _ name: FieldName) -> Value?

    /// The member of a map by a key known at run time (any type), or nil where it is absent.
    func member(_ node: UInt32, key: Value) -> Value?

    /// Whether a map has a key; for hosts that can tell without making the member.
    func contains(_ node: UInt32, key: Value) -> Bool

    /// The code of the currency that amounts in a map or list have: its own member `currency`, or that of what holds it; nil
    /// where there is none.
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
    /// An amount that stands in a node, with its currency; an error where it has none.
    package func money(_ minorUnits: Int64, _ node: UInt32) -> Value {
        guard let currency = currency(node), currency != .none || minorUnits == 0 else { return .noCurrency }
        return .money(Money(minorUnits, currency))
    }
}

extension Value {
    /// A value that was read from a node of a host, where its declaration says that it is an amount or a list of them: money.
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

/// What a node of a host object is.
package enum HostKind: Sendable { case map, list }

/// A member's name prepared at compile time, so that a host's lookup need neither hash nor allocate.
package final class FieldName: Sendable {
    package let text: String
    /// The UTF-8 of the name.
    package let utf8: [UInt8]
    /// A place for the host's own use, such as where the member stood last time. A hint only: any thread may write it.
    package let hint = Atomic<UInt64>(0)

    package init(_ text: String) {
        self.text = text
        utf8 = Array(text.utf8)
    }

    /// Whether `bytes` spell this name.
    @unsafe @inlinable package func matches(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count == utf8.count else { return false }
        return unsafe utf8.withUnsafeBytes { mine in
            guard let a = mine.baseAddress, let b = bytes.baseAddress else { return true }
            return unsafe memcmp(a, b, mine.count) == 0
        }
    }
}
