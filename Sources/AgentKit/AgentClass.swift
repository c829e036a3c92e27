/// The priority of an agent: it orders agents within a step, settles conflicts and schedules waiting requests.
package enum AgentClass: UInt8, Comparable, Sendable, CaseIterable {
    case complaint
    case compliance
    /// Order and wallet.
    case commerce
    /// Verification, franchise, marketplace and quality.
    case standing
    case recommendation
    case analytics

    /// The higher class is the lower number.
    package static func < (a: AgentClass, b: AgentClass) -> Bool { a.rawValue < b.rawValue }
}
