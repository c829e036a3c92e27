package import Rules

/// Permissions of one principal under the rule set in force. Each check passes or throws a refusal.
package struct Access: Sendable {
    package let principal: String
    private let roles: [String]
    private let policy: Policy

    init(principal: String, roles: [String], policy: Policy) {
        self.principal = principal
        self.roles = roles
        self.policy = policy
    }

    /// The same principal's under another rule set.
    package func under(_ ingress: Ingress) -> Access { ingress.access(of: principal, registered: roles) }

    /// Indicates that the principal's events may move the events' clock.
    package var mayMoveClock: Bool { policy.mayMoveClock(roles: roles) }

    /// Refuses events of a type that none of the principal's roles may append.
    /// - Throws: `forbidden`.
    package func requireAppend(_ type: EventType) throws(Problem) {
        guard !policy.mayAppend(type: type.name, roles: roles).isAllowed else { return }
        throw Problem(.forbidden, "`\(principal)` may not append `\(type.name)`", pointer: "/type")
    }

    /// Refuses a projection that none of the principal's roles may read.
    /// - Throws: `forbidden`.
    package func requireRead(projection: String) throws(Problem) {
        guard !policy.mayRead(projection: projection, roles: roles).isAllowed else { return }
        throw Problem(.forbidden, "`\(principal)` may not read `\(projection)`")
    }

    /// Refuses a call that none of the principal's roles may make.
    /// - Throws: `forbidden`.
    package func requireCall(_ call: String) throws(Problem) {
        guard !policy.mayCall(call, roles: roles).isAllowed else { return }
        throw Problem(.forbidden, "`\(principal)` may not call `\(call)`")
    }
}

extension Ingress {
    /// Permissions of a principal; `registered` are the roles that the ledger itself gives it.
    package func access(of principal: String, registered: [String] = []) -> Access {
        let named = policy.roles(of: principal)
        return Access(principal: principal, roles: named.isEmpty ? registered : named, policy: policy)
    }
}
