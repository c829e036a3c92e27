import AgentKit

/// Access control: roles and what each allows. Deny by default; a prohibition beats a permission.
package struct Policy: Sendable, Hashable {
    /// The names that a role or a prohibition covers: exact names, `prefix.*`, or `*`.
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

    /// The rate limits of one principal.
    package struct Limits: Sendable, Hashable {
        /// Operations a minute that refill the bucket.
        package var operationsPerMinute = 50
        /// Operations the bucket holds.
        package var burst = 100
        /// The longest wait after repeated violations, in seconds.
        package var backoffSecondsMax = 900

        package init() {}
    }

    /// The four-eyes rule: the amounts that one administrator's corrections may move before a second has to approve.
    package struct FourEyes: Sendable, Hashable {
        /// Minor units by currency; of a currency that is not named, nothing.
        package var limits: [String: Int64] = [:]
        /// The hours within which the second one approves.
        package var hoursToApprove: Int64 = 72
        /// The days over which what one administrator moved adds up.
        package var days: Int64 = 30
    }

    /// What an activation of a rule set must bring with it.
    package struct Activation: Sendable, Hashable {
        /// Needs the signed report of a simulation of the rule set.
        package var needsSimulation = false
        /// The days for which a report holds, from the last entry that it went through.
        package var days: Int64 = 7
        /// The newest entries that it must have derived at least, or all.
        package var entries: Int64 = 0

        package init() {}
    }

    let roles: [String: Role]
    let principals: [String: [String]]
    let prohibitions: [Prohibition]
    let signed: [String]
    /// The calls that need no principal at all.
    package let publicCalls: [String]
    package let limits: Limits
    /// The four-eyes rule; nil where corrections need no second administrator.
    package let fourEyes: FourEyes?
    package let activation: Activation

    init(
        roles: [String: Role], principals: [String: [String]], prohibitions: [Prohibition] = [], signed: [String] = [],
        publicCalls: [String] = [], limits: Limits = Limits(), fourEyes: FourEyes? = nil,
        activation: Activation = Activation()
    ) {
        self.roles = roles
        self.principals = principals
        self.prohibitions = prohibitions
        self.signed = signed
        self.publicCalls = publicCalls
        self.limits = limits
        self.fourEyes = fourEyes
        self.activation = activation
    }

    /// The policy of a rule set without `policy.yaml`: `local` may do everything.
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

    /// Returns true if events of the type must carry a producer's signature.
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

/// A decision on access, with the line of `policy.yaml` that determines it.
package struct PolicyDecision: Sendable, Hashable {
    package let isAllowed: Bool
    /// The role or the prohibition that decided, `default` where none did; for the record of decisions.
    package let rule: String

    package init(isAllowed: Bool, rule: String) {
        self.isAllowed = isAllowed
        self.rule = rule
    }

    static let denied = PolicyDecision(isAllowed: false, rule: "default")
}

/// Reads `policy.yaml`: roles, who has them, prohibitions, signatures and limits.
struct PolicyFile {
    static let name = "policy.yaml"

    private let file: SourceFile
    private let types: EventTypes
    private let projections: [String]

    /// Returns nil after noting the errors in `file`. A pattern that names no event type or projection is an error in a
    /// prohibition, which would then forbid nothing, and doubtful elsewhere.
    static func read(_ root: YamlNode, in file: SourceFile, types: EventTypes, projections: [String]) -> Policy? {
        PolicyFile(file: file, types: types, projections: projections).read(root)
    }

    private func read(_ root: YamlNode) -> Policy? {
        guard let reader = MappingReader(root, in: file, .policy) else { return nil }
        warn(of: "limits", in: reader, "this program counts no requests")
        warn(of: "signed", in: reader, "this program asks for no signatures")
        var roles: [String: Policy.Role] = [:]
        for entry in reader["roles"]?.entries ?? [] { roles[entry.key] = role(entry.value) }
        var principals: [String: [String]] = [:]
        for entry in reader["principals"]?.entries ?? [] {
            let names = entry.value.elements ?? [entry.value]
            for name in names { check(role: name, among: roles) }
            principals[entry.key] = names.compactMap(\.text)
        }
        var prohibitions: [Policy.Prohibition] = []
        for node in reader.list("forbid") {
            if let prohibition = prohibition(node, roles: roles) { prohibitions.append(prohibition) }
        }
        return Policy(
            roles: roles, principals: principals, prohibitions: prohibitions,
            signed: patterns(reader, "signed", among: types.all.map(\.name), what: "event type"),
            publicCalls: calls(reader, "public"), limits: limits(reader["limits"]), fourEyes: fourEyes(reader),
            activation: activation(reader["activation"]))
    }

    private func role(_ node: YamlNode) -> Policy.Role? {
        guard let reader = MappingReader(node, in: file, .role) else { return nil }
        var role = Policy.Role()
        role.scope = scope(reader)
        warn(of: "unlimited", in: reader, "there are no limits")
        role.movesClock = reader.flag("clock") ?? false
        role.isUnlimited = reader.flag("unlimited") ?? false
        return role
    }

    private func prohibition(_ node: YamlNode, roles: [String: Policy.Role]) -> Policy.Prohibition? {
        guard let reader = MappingReader(node, in: file, .prohibition), let id = reader.text("id") else { return nil }
        let bound = reader["roles"]?.elements ?? reader["roles"].map { [$0] } ?? []
        for name in bound { check(role: name, among: roles) }
        return Policy.Prohibition(id: id, roles: bound.compactMap(\.text), scope: scope(reader, mustExist: true))
    }

    private func scope(_ reader: MappingReader, mustExist: Bool = false) -> Policy.Scope {
        Policy.Scope(
            events: patterns(reader, "events", among: types.all.map(\.name), what: "event type", mustExist: mustExist),
            projections: patterns(
                reader, "projections", among: projections, what: "projection", mustExist: mustExist),
            calls: calls(reader, "calls"))
    }

    private func calls(_ reader: MappingReader, _ key: String) -> [String] {
        reader.texts(key).map { text, place in
            if text == "tile" { file.warning(place, "`tile` has no effect yet: there is no such call", length: 4) }
            return text
        }
    }

    /// Warns that a setting is read but has no effect.
    private func warn(of key: String, in reader: MappingReader, _ why: String) {
        guard reader[key] != nil else { return }
        file.warning(reader.keyPlace(key), "`\(key)` has no effect yet: \(why)", length: key.unicodeScalars.count)
    }

    private func patterns(
        _ reader: MappingReader, _ key: String, among names: [String], what: String, mustExist: Bool = false
    ) -> [String] {
        reader.texts(key).map { text, place in
            let isKnown =
                text == "*" || names.contains(text)
                || (text.hasSuffix(".*") && names.contains { $0.utf8.starts(with: text.dropLast().utf8) })
            if !isKnown {
                let message = "unknown \(what) `\(text)`\(Spelling.hint(text, among: names))"
                if mustExist { file.error(place, message) } else { file.warning(place, message) }
            }
            return text
        }
    }

    private func check(role node: YamlNode, among roles: [String: Policy.Role]) {
        guard let name = node.text, roles[name] == nil else { return }
        file.error(node.place, "unknown role `\(name)`\(Spelling.hint(name, among: roles.keys.sorted()))")
    }

    private func limits(_ node: YamlNode?) -> Policy.Limits {
        var limits = Policy.Limits()
        guard let node, let reader = MappingReader(node, in: file, .limits) else { return limits }
        limits.operationsPerMinute = positive(reader, "operationsPerMinute") ?? limits.operationsPerMinute
        limits.burst = positive(reader, "burst") ?? limits.burst
        limits.backoffSecondsMax = positive(reader, "backoffSecondsMax") ?? limits.backoffSecondsMax
        return limits
    }

    private func fourEyes(_ reader: MappingReader) -> Policy.FourEyes? {
        guard let entries = reader["fourEyes"]?.entries else { return nil }
        var fourEyes = Policy.FourEyes()
        for entry in entries {
            guard CurrenciesFile.isCode(entry.key) else {
                file.error(entry.keyPlace, "`\(entry.key)` is not a currency code: 3 to 8 capital letters")
                continue
            }
            guard case .int(let units) = entry.value.scalar, (0...Amount.greatest.minorUnits).contains(units) else {
                file.error(entry.value.place, "the limit in `\(entry.key)` must be a number of minor units, 0 or more")
                continue
            }
            fourEyes.limits[entry.key] = units
        }
        fourEyes.hoursToApprove = positive(reader, "fourEyesHours").map(Int64.init) ?? fourEyes.hoursToApprove
        fourEyes.days = positive(reader, "fourEyesDays").map(Int64.init) ?? fourEyes.days
        return fourEyes
    }

    private func activation(_ node: YamlNode?) -> Policy.Activation {
        var activation = Policy.Activation()
        guard let node, let reader = MappingReader(node, in: file, .activation) else { return activation }
        activation.needsSimulation = reader.text("simulation") == "required"
        activation.days = positive(reader, "days").map(Int64.init) ?? activation.days
        activation.entries = positive(reader, "entries").map(Int64.init) ?? activation.entries
        return activation
    }

    private func positive(_ reader: MappingReader, _ key: String) -> Int? {
        guard let value = reader.integer(key) else { return nil }
        guard value >= 1, value <= 1_000_000_000 else {
            file.error(reader.keyPlace(key), "`\(key)` must be 1 or more")
            return nil
        }
        return Int(value)
    }
}
