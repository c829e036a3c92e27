import Rules
import Testing

@Suite struct PolicyTests {
    private func policy(_ text: String) throws(RuleSetError) -> Policy {
        try Fixture().load("", more: [RuleFile(name: "policy.yaml", text: text)]).policy
    }

    private static let text = """
        roles:
          admin: {events: ["*"], projections: ["*"], calls: ["*"], clock: true, unlimited: true}
          desk: {events: ["complaint.*"], projections: [complaints], calls: [receipt]}
        principals: {local: [admin], help: [desk]}
        forbid:
          - {id: no-areas, roles: [admin], events: [area.registered]}
        signed: [admin.override]
        public: [checkpoint]
        limits: {operationsPerMinute: 10, burst: 20}
        """

    @Test("what no role allows is denied, and what a prohibition names is refused whatever a role allows")
    func decisions() throws {
        let policy = try policy(Self.text)
        let desk = policy.roles(of: "help")
        #expect(policy.mayAppend(type: "complaint.submitted", roles: desk).rule == "role/desk")
        #expect(!policy.mayAppend(type: "area.registered", roles: desk).isAllowed)
        #expect(policy.mayAppend(type: "area.registered", roles: ["admin"]).rule == "forbid/no-areas")
        #expect(policy.mayRead(projection: "complaints", roles: desk).isAllowed)
        #expect(!policy.mayCall("ruleset.activate", roles: desk).isAllowed)
        #expect(policy.mayCall("checkpoint", roles: []).isAllowed)
        #expect(policy.roles(of: "nobody") == [])
    }

    @Test("the shipped policy lets administrators and who settles disputes read personal data, and nobody else")
    func reveal() throws {
        let policy = try policy(String(decoding: try Repository.bytes("rules/policy.yaml"), as: UTF8.self))
        let roles = [
            "admin", "marketplace", "provider", "franchise", "gateway", "wallet", "verifier", "auditor", "dispute",
        ]
        #expect(roles.filter { policy.mayCall("reveal", roles: [$0]).isAllowed } == ["admin", "dispute"])
        #expect(!policy.mayCall("events.append", roles: ["dispute"]).isAllowed)
    }

    @Test("clock, limits and signatures are read")
    func settings() throws {
        let policy = try policy(Self.text)
        #expect(policy.mayMoveClock(roles: ["admin"]))
        #expect(!policy.mayMoveClock(roles: ["desk"]))
        #expect(policy.isUnlimited(roles: ["admin"]))
        #expect(policy.limits.operationsPerMinute == 10)
        #expect(policy.limits.burst == 20)
        #expect(policy.requiresSignature(type: "admin.override"))
        #expect(!policy.requiresSignature(type: "complaint.submitted"))
    }

    @Test("an unknown role and a prohibition of nothing known are errors")
    func errors() {
        do throws(RuleSetError) {
            _ = try policy(
                "roles: {desk: {}}\nprincipals: {local: [desc]}\nforbid: [{id: x, events: [complaint.opend]}]\n")
            Issue.record("the policy was read")
        } catch {
            #expect(error.description.contains("unknown role `desc`, did you mean `desk`?"))
            #expect(
                error.description.contains("unknown event type `complaint.opend`, did you mean `complaint.opened`?"))
        }
    }
}
