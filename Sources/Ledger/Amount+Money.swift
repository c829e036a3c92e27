package import AgentKit

extension Amount {
    /// The amount as rules see it: minor units alone where the code of its currency is too long for them.
    package func money(in currency: Currency) -> Value {
        currency.code.map { .money(Money(minorUnits, $0)) } ?? .int(minorUnits)
    }
}
