import AgentKit
import Audit
import EventLog
import Foundation
import JSON
import Rules
import TestSupport
import Testing

@Suite("recomputation", .ownThreads)
struct RecomputeTests {
    private var forged: ForgedLog { get throws { try ForgedLog(ScratchLedger.known.log) } }

    private func recompute(_ log: EventLog) throws -> RecomputeResult {
        let result = try Recompute(log).run()
        let onTwo = try RecomputeOnTwoCores(log).run(entriesMin: 0)
        #expect(onTwo.json == result.json && onTwo.text == result.text)
        return result
    }

    @Test("a sound log is derived again, byte for byte")
    func sound() throws {
        let log = try ScratchLedger.known.log
        let result = try recompute(log)
        #expect(result.isOK, "\(result.text)")
        #expect(result.entries == log.size)
        #expect(result.text.hasPrefix("OK: "))
    }

    @Test("rules that somebody changed who may not under the policy in force are found, and those of who may are not")
    func foreignRules() throws {
        func files(_ boss: String) -> [RuleFile] {
            let policy = """
                roles:
                  admin: {events: ["*"], calls: ["*"], clock: true}
                  clerk: {events: ["*"], calls: ["events.*"], clock: true}
                principals: {local: [clerk], \(boss): [admin]}

                """
            return [SimulationTests.idle, RuleFile(name: "policy.yaml", text: policy)]
        }
        let ledger = try ScratchLedger(files("boss"))
        try ledger.send("idle.asked", #"{"n":1}"#, at: "2024-02-15T09:00:00Z")
        try ledger.activate(files("other"), at: "2024-02-15T10:00:00Z", by: "boss")
        #expect(try recompute(ledger.log).isOK)
        // By now another one may.
        try ledger.activate(files("boss"), at: "2024-02-15T11:00:00Z", by: "boss")
        let result = try recompute(ledger.log)
        #expect(!result.isOK)
        let difference = try #require(result.differences.first)
        #expect(
            difference.kind == .ruleSet && difference.what.contains("`boss` may not change the rules"), "\(result.text)"
        )
        let activated = try #require(try ledger.sequences(of: "ruleset.activated").last)
        #expect(result.differences.contains { $0.sequence == activated })
        for (hour, by) in [(12, "local"), (13, "nobody"), (14, "ledger")] {
            try ledger.activate(files("boss\(hour)"), at: "2024-02-15T\(hour):00:00Z", by: by)
        }
        #expect(try recompute(ledger.log).differences.filter { $0.what.contains("may not change") }.count == 4)
    }

    @Test("a sound log that is written again as a whole is still sound")
    func writtenAgain() throws { #expect(try recompute(forged.signed()).isOK) }

    @Test("a fine made smaller and signed again is found with both versions")
    func smallerFine() throws {
        var forged = try forged
        let place = try #require(forged.places(#""type":"fine.imposed""#).first)
        forged.replace(#""amount":3998,"#, with: #""amount":100,"#, at: place)
        let result = try recompute(forged.signed())
        #expect(!result.isOK)
        let difference = try #require(result.differences.first)
        #expect(difference.sequence == UInt64(place) && difference.kind == .changed)
        #expect(difference.what.contains("/data/amount 3998, not 100"), "\(difference.what)")
        #expect(difference.expected.contains("3998") && difference.found.contains(#""amount":100,"#))
    }

    @Test("a reason that was changed is found")
    func reason() throws {
        var forged = try forged
        let place = try #require(forged.places("had 6 hours and did not resolve it").first)
        forged.replace("did not resolve it", with: "did its best", at: place)
        let differences = try recompute(forged.signed()).differences
        #expect(differences.count == 1 && differences[0].sequence == UInt64(place))
        #expect(differences[0].what.contains("/because"))
    }

    @Test("a payment made larger is found with the money that it moved")
    func largerPayment() throws {
        var forged = try forged
        let place = try #require(forged.release)
        let text = forged.entries[place]
        let start = try #require(text.range(of: #""amount":"#)).upperBound
        let end = try #require(text.range(of: ",", range: start..<text.endIndex)).lowerBound
        forged.replace(#""amount":\#(text[start..<end])"#, with: #""amount":9\#(text[start..<end])"#, at: place)
        let result = try recompute(forged.signed())
        #expect(result.differences.first?.sequence == UInt64(place))
        let money = try #require(result.differences.first?.money)
        #expect(money.contains { $0.account.hasPrefix("escrow/") && $0.recorded < $0.derived })
        #expect(money.contains { $0.account.hasPrefix("wallet/") && $0.recorded > $0.derived })
        #expect(result.text.contains("derived,"))
    }

    @Test("decisions that are left out, with everything behind them renumbered, are found")
    func leftOut() throws {
        var forged = try forged
        let place = try #require(forged.places(#""type":"fine.imposed""#).first)
        forged.remove(place..<place + 1)
        let result = try recompute(forged.signed())
        #expect(result.differences.first?.kind == .missing)
        #expect(result.differences.first?.sequence == UInt64(place))
        #expect(result.differences.first?.expected.contains("fine.imposed") == true)
    }

    @Test("a decision that was put in is found")
    func putIn() throws {
        var forged = try forged
        let place = try #require(forged.release)
        forged.insert(forged.entries[place], at: place + 1)
        let result = try recompute(forged.signed())
        #expect(result.differences.first?.kind == .added)
        #expect(result.differences.first?.sequence == UInt64(place + 1))
        #expect(result.differences.first?.money.isEmpty == false)
    }

    @Test("a timer that never fired is found, by its name and due time")
    func neverFired() throws {
        var forged = try forged
        let place = try #require(
            forged.places(#""key":"COMP-001","name":"deadline""#).first {
                forged.entries[$0].contains(#""type":"timer.fired""#)
            })
        forged.remove(forged.cascade(of: place))
        let difference = try #require(try recompute(forged.signed()).differences.first)
        #expect(difference.kind == .notFired)
        #expect(difference.what.contains("`deadline` of `complaint` for `COMP-001`, due 2024-02-16T16:00:00.000Z"))
    }

    @Test("a timer that fired after the next event is found as late")
    func late() throws {
        var forged = try forged
        let place = try #require(
            forged.places(#""key":"COMP-001","name":"deadline""#).first {
                forged.entries[$0].contains(#""type":"timer.fired""#)
            })
        let cascade = forged.cascade(of: place)
        let next = forged.cascade(of: cascade.upperBound)
        forged.move(cascade, to: next.upperBound)
        let kinds = try recompute(forged.signed()).differences.map(\.kind)
        #expect(kinds.contains(.notFired) && kinds.contains(.notDue))
    }

    @Test("a timer that fired twice is found")
    func twice() throws {
        var forged = try forged
        let place = try #require(forged.places(#""type":"timer.fired""#).first)
        let cascade = forged.cascade(of: place)
        for (offset, entry) in forged.entries[cascade].enumerated() {
            forged.insert(entry, at: cascade.upperBound + offset)
        }
        let difference = try #require(try recompute(forged.signed()).differences.first)
        #expect(difference.kind == .notDue && difference.sequence == UInt64(cascade.upperBound), "\(difference.what)")
    }

    @Test("a decision posing as an event from outside is found")
    func posing() throws {
        var forged = try forged
        let place = try #require(forged.release)
        var entry = forged.entries[place]
        for name in ["agent", "rule", "ruleset", "because", "causationid"] {
            entry = entry.replacingOccurrences(of: #""\#(name)":"[^"]*",?"#, with: "", options: .regularExpression)
        }
        entry = entry.replacingOccurrences(of: #"{"c"#, with: #"{"authid":"local","c"#)
        entry = entry.replacingOccurrences(of: "/agents/wallet", with: "/mine")
        forged.insert(entry, at: forged.cascade(of: place).upperBound)
        let difference = try #require(try recompute(forged.signed()).differences.first)
        #expect(difference.kind == .notAdmitted, "\(difference.what)")
    }

    @Test("a cascade that was cut off is found")
    func cut() throws {
        var forged = try forged
        let last = forged.cascade(of: forged.entries.count - 1)
        try #require(last.count > 1)
        forged.remove(last.upperBound - 1..<last.upperBound)
        let differences = try recompute(forged.signed()).differences
        #expect(differences.count == 1 && differences[0].kind == .missing)
        #expect(differences[0].sequence == UInt64(last.upperBound - 1))
    }

    @Test("a rule file that is not the one that was activated is found")
    func ruleFile() throws {
        var forged = try forged
        let place = try #require(
            forged.places(#""type":"ruleset.file.added""#).first {
                forged.entries[$0].contains("# ")
            })
        forged.replace("# ", with: "#  ", at: place)
        let differences = try recompute(forged.signed()).differences
        #expect(differences.contains { $0.sequence == UInt64(place) })
    }

    @Test("behind a difference the log is judged by what it recorded, so that each is named once")
    func further() throws {
        var forged = try forged
        let places = forged.places(#""type":"complaint.escalated""#)
        try #require(places.count == 2)
        for place in places { forged.replace(#""deadline":"2024"#, with: #""deadline":"2025"#, at: place) }
        let found = try recompute(forged.signed()).differences.map(\.sequence)
        #expect(found.first == UInt64(places[0]) && found.contains(UInt64(places[1])))
        #expect(Set(found).count == found.count)
    }

    @Test("any changed digit in a decision's data is found at its entry")
    func anyDigit() throws {
        var random = SeededGenerator.announced()
        let sound = try forged
        let decisions = sound.entries.indices.filter { sound.isDecision($0) }
        for _ in 0..<20 {
            var forged = sound
            let place = decisions.randomElement(using: &random)!
            let text = forged.entries[place]
            let data = try #require(text.range(of: #""data":{"#)).upperBound
            let end = try #require(text.range(of: #"},"datacontenttype""#)).lowerBound
            let digits = text[data..<end].indices.filter { ("1"..."9").contains(text[$0]) }
            guard let digit = digits.randomElement(using: &random) else { continue }
            let other = text[digit] == "7" ? "8" : "7"
            forged.replace(text, with: text.replacingCharacters(in: digit...digit, with: other), at: place)
            let result = try Recompute(forged.signed()).run()
            #expect(result.differences.contains { $0.sequence == UInt64(place) }, "\(place): \(text)")
        }
    }

    @Test("the JSON is canonical and has both versions")
    func json() throws {
        var forged = try forged
        let place = try #require(forged.places(#""type":"fine.imposed""#).first)
        forged.replace(#""amount":3998,"#, with: #""amount":100,"#, at: place)
        let json = Array(try recompute(forged.signed()).json.utf8)
        #expect(isCanonical(json))
        let root = try Document.parse(json).root
        #expect(root["verdict"]?.string == "FAIL" && root["reason"]?.string == "recompute")
        let bad = try #require(root["bad"]?.element(0))
        #expect(bad["sequence"]?.int == Int64(place) && bad["kind"]?.string == "changed")
        #expect(root["views"]?.isNull == true)
    }

    @Test("stops at an entry, and when nobody waits for it")
    func stops() throws {
        let log = try ScratchLedger.known.log
        let stopped = try Recompute(log).run(to: 40).entries
        #expect((40..<log.size).contains(stopped))
        #expect(try #require(try log.document(stopped)).root["agent"] == nil, "it stopped within a cascade")
        let error = #expect(throws: ReplayError.self) { try Recompute(log, isAbandoned: { true }).run() }
        #expect(error?.code == .abandoned)
    }
}

extension ForgedLog {
    /// The first entry that pays out of an escrow.
    fileprivate var release: Int? {
        places(#""purpose":"escrow.release""#).first { entries[$0].contains(#""type":"transfer.posted""#) }
    }
}
