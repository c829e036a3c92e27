package import AgentKit
package import Rules

/// How people see times, amounts and hashes under a rule set: in its calendar's zone, with its currencies' decimals.
package struct Layout: Sendable {
    /// Characters of a hash that are shown.
    package static let hashCharacters = 12

    private let calendar: Calendar
    private let currencies: Currencies
    /// What it says of events.
    package let sentences: Sentences
    private let types: EventTypes

    package init(
        calendar: Calendar = .standard, currencies: Currencies = .standard, sentences: Sentences = .ofEngine,
        types: EventTypes = .ofEngine
    ) {
        self.types = types
        self.calendar = calendar
        self.currencies = currencies
        self.sentences = sentences
    }

    /// The layout of a rule set, or the standard one where none is in force.
    /// - Parameter others: say what it does not.
    package init(_ ruleSet: RuleSet?, alsoSaying others: Sentences = .ofEngine) {
        self.init(
            calendar: ruleSet?.calendar ?? .standard, currencies: ruleSet?.currencies ?? .standard,
            sentences: (ruleSet?.sentences ?? .ofEngine).over(others), types: ruleSet?.types ?? .ofEngine)
    }

    /// `2024-02-16 21:00:00+05:00`
    package func time(_ instant: Instant) -> String {
        let text = calendar.text(instant)
        return String(text.prefix(10)) + " " + String(text.dropFirst(11))
    }

    /// `16 Feb 21:00`, and `16 Feb 2024 21:00` in another year than that of `present` or where that is not known.
    func shortTime(_ instant: Instant, present: Instant?) -> String { calendar.said(instant, present: present) }

    /// `16 Feb 2024 21:00 (+05:00)`
    func longTime(_ instant: Instant) -> String {
        // Behind `2024-02-16T21:00:00`.
        calendar.said(instant, present: nil) + " (" + calendar.text(instant).dropFirst(19) + ")"
    }

    /// `PKR 1,999.00`; of a currency that is not listed the minor units.
    package func amount(_ minorUnits: Int64, _ currency: String) -> String {
        currencies.said(minorUnits, currency)
    }

    /// A total with its currency, `PKR 1,999.00`.
    package func amount(_ total: Total, _ currency: String) -> String {
        currencies.said(total.minorUnits, currency)
    }

    /// The amounts in the data of an event type.
    func amounts(of type: String) -> AmountMembers { types[type]?.amounts ?? .none }

    /// The first characters of a hash or digest.
    package static func shortened(hash: String) -> String {
        hash.utf8.count > hashCharacters ? hash.prefix(hashCharacters) + "…" : hash
    }
}
