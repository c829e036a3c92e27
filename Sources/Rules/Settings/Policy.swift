import AgentKit

/// Who may do what: roles and what each allows. Deny by default; a prohibition beats a permission.
package struct Policy: Sendable, Hashable {
    /// What a role, or a prohibition, names: exact names, `prefix.*`, or `*`.
    struct Scope: Sendable, Hashable {
        var events: [String] = []
        var projections: [String] = []
        var calls: [String] = []
    }

    struct Role: Sendable, Hashable {
        var scope = Scope()
        /// May move the events' clock on a socket.
        var movesClock = false
        /// Is not held to the limits.
        var isUnlimited = false
    }

    struct Prohibition: Sendable, Hashable {
        let id: String
        /// The roles it binds; empty binds everyone.
        let roles: [String]
        let scope: Scope
    }

    /// How much one principal may do.
    package struct Limits: Sendable, Hashable {
        /// Operations a minute that refill the bucket.
        package var operationsPerMinute = 50
        /// Operations the bucket holds.
        package var burst = 100
        /// The longest wait after repeated violations, in seconds.
        package var backoffSecondsMax = 900

        package init() {}
    }

    /// What an administrator's corrections may move before a second administrator has to approve.
    package struct FourEyes: Sendable, Hashable {
        /// Minor units by currency; of a currency that is not named, nothing.
        package var limits: [String: Int64] = [:]
        /// The hours within which the second one approves.
        package var hoursToApprove: Int64 = 72
        /// The days over which what one administrator moved adds up.
        package var days: Int64 = 30
    }

    let roles: [String: Role]
    let principals: [String: [String]]
    let prohibitions: [Prohibition]
    let signed: [String]
    /// The calls that need no principal at all.
    package let publicCalls: [String]
    package let limits: Limits
    /// Nil where corrections wait for nobody.
    package let fourEyes: FourEyes?

    init(
        roles: [String: Role], principals: [String: [String]], prohibitions: [Prohibition] = [], signed: [String] = [],
        publicCalls: [String] = [], limits: Limits = Limits(), fourEyes: FourEyes? = nil
    ) {
        self.roles = roles
        self.principals = principals
        self.prohibitions = prohibitions
        self.signed = signed
        self.publicCalls = publicCalls
        self.limits = limits
        self.fourEyes = fourEyes
    }

    /// What holds where a rule set has no `policy.yaml`: `local` may do everything.
    package static let standard: Policy = {
        var admin = Role()
        admin.scope = Scope(events: ["*"], projections: ["*"], calls: ["*"])
        admin.movesClock = true
        admin.isUnlimited = true
        return Policy(roles: ["admin": admin], principals: ["local": ["admin"]])
    }()

    /// The roles the file gives to `local` and to names taken with `--as`; principals of the ledger have their own.
    package func roles(of name: String) -> [String] { principals[name] ?? [] }

    /// The projection of principals, to which the file's names belong as well.
    static let projection = "principals"

    /// The file's names as rules read principals: those that the ledger registered come before them.
    var rows: [String: Value] {
        principals.reduce(into: [:]) { rows, entry in
            rows[entry.key] = .map(
                MapValue([
                    ("key", .string("")), ("principal", .string(entry.key)),
                    ("roles", .list(entry.value.map(Value.string))),
                ]))
        }
    }

    package func mayAppend(type: String, roles: [String]) -> PolicyDecision { decide(type, roles, \.events) }

    package func mayRead(projection: String, roles: [String]) -> PolicyDecision {
        decide(projection, roles, \.projections)
    }

    /// A call is named by its method and first words: `events.read`, `receipt`, `ruleset.activate`.
    package func mayCall(_ call: String, roles: [String]) -> PolicyDecision {
        if publicCalls.contains(call) { return PolicyDecision(isAllowed: true, rule: "public") }
        return decide(call, roles, \.calls)
    }

    package func mayMoveClock(roles: [String]) -> Bool { roles.contains { self.roles[$0]?.movesClock ?? false } }

    package func isUnlimited(roles: [String]) -> Bool { roles.contains { self.roles[$0]?.isUnlimited ?? false } }

    /// Whether events of the type must carry a producer's signature.
    package func requiresSignature(type: String) -> Bool { Self.names(signed, type) }

    private func decide(_ name: String, _ roles: [String], _ part: KeyPath<Scope, [String]>) -> PolicyDecision {
        for prohibition in prohibitions
        where (prohibition.roles.isEmpty || prohibition.roles.contains { roles.contains($0) })
            && Self.names(prohibition.scope[keyPath: part], name)
        {
            return PolicyDecision(isAllowed: false, rule: "forbid/" + prohibition.id)
        }
        for role in roles {
            if let declared = self.roles[role], Self.names(declared.scope[keyPath: part], name) {
                return PolicyDecision(isAllowed: true, rule: "role/" + role)
            }
        }
        return .denied
    }

    private static func names(_ patterns: [String], _ name: String) -> Bool {
        patterns.contains { pattern in
            if pattern == "*" { return true }
            if pattern.hasSuffix(".*") { return name.utf8.starts(with: pattern.dropLast().utf8) }
            return pattern.utf8.elementsEqual(name.utf8)
        }
    }
}
