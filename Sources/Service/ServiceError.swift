/// Why the service, or a ledger opened without it, cannot start or go on; one line, or several for rules in error.
package struct ServiceError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
