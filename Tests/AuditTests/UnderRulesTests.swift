import Audit
import Engine
import EventLog
import Foundation
import JSON
import Rules
import TestSupport
import Testing

@Suite("an explanation under other rules", .ownThreads)
struct UnderRulesTests {
    let ledger: ScratchLedger
    let explainer: Explainer

    init() throws {
        ledger = try ScratchLedger.known
        explainer = try Explainer(ledger.log)
    }

    /// The market's rules with a text of one file changed.
    func files(_ name: String, _ old: String, _ new: String) throws -> [RuleFile] {
        try DataDirectory.ruleFiles(in: ScratchLedger.repository + "/rules").map { file in
            guard file.name == name else { return file }
            let text = String(decoding: file.text, as: UTF8.self)
            #expect(text.contains(old))
            return RuleFile(name: name, text: Array(text.replacing(old, with: new).utf8))
        }
    }

    func fine() throws -> UInt64 { try #require(try ledger.sequences(of: "fine.imposed").first) }

    func outcomes(_ explanation: Explanation) throws -> [String] {
        #expect(isCanonical(explanation.json))
        let decisions = try #require(try Document(adopting: explanation.json).root["underRules"]?["decisions"])
        return decisions.children.map { $0["outcome"]?.string ?? "" }
    }

    @Test("that set another fine shows both amounts, and that the rest stays")
    func changed() throws {
        let rules = RulesAsked.files(try files("complaint.yaml", "{sub: 200,", "{sub: 700,"))
        let explanation = try explainer.explain(try fine(), under: rules)
        #expect(explanation.isRecomputed)
        #expect(explanation.underRules?.isSame == false)
        let text = explanation.text
        #expect(text.contains("As decided then, and under the rules asked for ("))
        #expect(text.contains("    amount: PKR 39.98 then, PKR 139.93 now\n"))
        #expect(text.contains("F-zoneone fined PKR 139.93 (complaint/deadline-missed)"))
        let found = try outcomes(explanation)
        #expect(found.contains("changed") && found.contains("same"))
        #expect(!found.contains("lost") && !found.contains("gained"))
    }

    @Test("that no longer decide shows what is lost, and why")
    func lost() throws {
        let condition = #"when: data.agent == "complaint" && data.name == "deadline" && complaint.status == "open""#
        let rules = RulesAsked.files(
            try files("complaint.yaml", condition, condition + #" && complaint.tier == "corporate""#))
        let explanation = try explainer.explain(try fine(), under: rules)
        #expect(Set(try outcomes(explanation)) == ["lost"])
        #expect(explanation.text.contains("No longer made: #\(try fine())  F-zoneone fined PKR 39.98\n"))
        #expect(explanation.text.contains("  now   complaint/deadline-missed did not act (complaint, tier: sub)\n"))
    }

    @Test("that decide more shows what is new, with its reason")
    func gained() throws {
        let rules = RulesAsked.files(
            try files(
                "complaint.yaml", "  - id: stop-clock\n",
                """
                  - id: tell-buyer
                    on: complaint.escalated
                    because: the buyer is told who decides now
                    emit:
                      - notification.requested:
                          {to: 'complaints[data.complaintId].buyerId', template: '"complaint.opened"', data: {complaintId: data.complaintId}}
                        subject: data.complaintId

                  - id: stop-clock

                """))
        let explanation = try explainer.explain(try fine(), under: rules)
        #expect(try outcomes(explanation).count(where: { $0 == "gained" }) == 1)
        #expect(explanation.text.contains("New: U-ali is notified: complaint opened\n"))
        #expect(explanation.text.contains("complaint/tell-buyer 1.0.0: the buyer is told who decides now"))
    }

    @Test("of the log finds them by the beginning of their digest, and decides the same; then goes on as before")
    func recorded() throws {
        let sequence = try fine()
        let digest = try #require(
            try ledger.log.entry(sequence).flatMap { try Document(adopting: $0).root["ruleset"]?.string })
        for rules in [RulesAsked.recorded(String(digest.prefix(8))), .active] {
            let explanation = try explainer.explain(sequence, under: rules)
            #expect(explanation.underRules?.isSame == true)
            #expect(explanation.underRules?.isInForce == true)
            #expect(explanation.text.contains("under today's rules ("))
        }
        #expect(try explainer.explain(sequence + 1).isRecomputed)
        #expect(try explainer.explain(ledger.log.size - 1).isRecomputed)
    }

    @Test("that the log does not hold, or that cannot be loaded, is an error that says what to do")
    func unknown() throws {
        let sequence = try fine()
        let error = #expect(throws: ReplayError.self) { try explainer.explain(sequence, under: .recorded("ffff")) }
        #expect(error?.code == .unknownRules)
        #expect(error?.description.contains("docket log --type ruleset.activated") == true)
        let broken = [RuleFile(name: "complaint.yaml", text: Array("agent: complaint\nrules: 3\n".utf8))]
        #expect(throws: ReplayError.self) { try explainer.explain(sequence, under: .files(broken)) }
        #expect(try explainer.explain(sequence).isRecomputed)
    }

    @Test("that do not know the event says that they decide nothing on it")
    func otherMarket() throws {
        let rules = try DataDirectory.ruleFiles(in: ScratchLedger.repository + "/Tests/EngineTests/RuleLanguage")
        let submitted = try #require(try ledger.sequences(of: "complaint.submitted").first)
        let explanation = try explainer.explain(submitted, under: .files(rules))
        #expect(explanation.underRules?.isDecided == false)
        #expect(explanation.text.contains("these rules decide nothing on it"))
        #expect(try explainer.explain(submitted).isRecomputed)
    }

    @Test("of every trigger of the history under its own rules is the same")
    func everyTrigger() throws {
        for sequence in 0..<ledger.log.size {
            let entry = try #require(try ledger.log.entry(sequence).map { try Document(adopting: $0).root })
            guard entry["agent"] == nil, entry["source"]?.string != "/engine", sequence % 3 == 0 else { continue }
            #expect(try explainer.explain(sequence, under: .active).underRules?.isSame == true, "entry \(sequence)")
        }
    }
}
