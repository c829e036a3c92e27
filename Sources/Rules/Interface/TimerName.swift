/// A timer of the rule's agent by name and key.
package struct TimerName: Sendable, Hashable {
    package let name: String
    package let key: String

    package init(name: String, key: String) {
        self.name = name
        self.key = key
    }
}
