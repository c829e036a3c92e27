import AgentKit
import Engine
import EventLog
import Foundation
import JSON
import TestSupport
import Testing
import TransparencyLog

@testable import Audit

@Suite("a dispute bundle that somebody changed", .ownThreads)
struct DisputeTamperTests {
    struct Tampering: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// What the check says.
        let says: String
        let change: @Sendable (inout BundleText) throws -> Void

        init(_ description: String, says: String, _ change: @escaping @Sendable (inout BundleText) throws -> Void) {
            testDescription = description
            self.says = says
            self.change = change
        }
    }

    private static func isFine(_ entry: [String: Any]) -> Bool {
        (entry["entry"] as? String)?.contains(#""type":"fine.imposed"}"#) == true
    }

    /// Changes after which nothing is proved.
    static let unproved: [Tampering] = [
        Tampering("a digit of a fine", says: "the proof leads to root") {
            try $0.change("entries", where: isFine) {
                $0["entry"] = ($0["entry"] as? String)?.replacing(#""amount":3998,"#, with: #""amount":3997,"#)
            }
        },
        Tampering("a hash left out", says: "where it needs") {
            try $0.change("entries", where: isFine) {
                $0["proof"] = ($0["proof"] as? [String]).map { Array($0.dropLast()) }
            }
        },
        Tampering("a hash too many", says: "where it needs") {
            try $0.change("entries", where: isFine) {
                $0["proof"] = ($0["proof"] as? [String]).map { $0 + [$0[0]] }
            }
        },
        Tampering("two hashes swapped", says: "the proof leads to root") {
            try $0.change("entries", where: isFine) {
                $0["proof"] = ($0["proof"] as? [String]).map { [$0[1], $0[0]] + $0.dropFirst(2) }
            }
        },
        Tampering("a hash that is not strict base64", says: "is not the base64 of 32 bytes") {
            try $0.change("entries", where: isFine) {
                $0["proof"] = ($0["proof"] as? [String]).map { [$0[0].dropLast() + "-"] + $0.dropFirst() }
            }
        },
        Tampering("a sequence beyond the tree", says: "is not below the tree size") { text in
            let last = text.list("entries").compactMap { $0["sequence"] as? Int }.max()
            try text.change("entries", where: { $0["sequence"] as? Int == last }) { $0["sequence"] = 100_000 }
        },
        Tampering("another entry's place", says: "not in order") { try $0.change("entries") { $0["sequence"] = 5 } },
        Tampering("another size in the checkpoint", says: "invalid signature") {
            $0["checkpoint"] = ($0["checkpoint"] as? String)?.replacing("\n178\n", with: "\n177\n")
        },
        Tampering("no signature", says: "no signature") {
            $0["checkpoint"] = ($0["checkpoint"] as? String).map { $0.prefix(upTo: $0.firstIndex(of: "—")!) }
        },
        Tampering("another origin", says: "its checkpoint is of") { $0["origin"] = "docket.example/other" },
        Tampering("the first entry left out", says: "lacks entry 0") {
            try $0.remove("entries") { $0["sequence"] as? Int == 0 }
        },
        Tampering("a member more", says: "has a member `note`") { $0["note"] = "trust me" },
        Tampering("a member less", says: "has no `rows`") { $0["rows"] = nil },
        Tampering("a row that is not base64", says: "strict base64") {
            try $0.change("rows", where: { $0["value"] is String }) { $0["value"] = "A" }
        },
        Tampering("a negative place", says: "from 0 on") { try $0.change("cascades") { $0["sequence"] = -1 } },
        Tampering("cascades in another order", says: "cascades are not in order") {
            $0["cascades"] = Array($0.list("cascades").reversed())
        },
        Tampering("a row named twice by a cascade", says: "names row") {
            try $0.change("cascades", where: { ($0["rows"] as? [Any])?.isEmpty == false }) {
                $0["rows"] = ($0["rows"] as? [Int]).map { $0 + [$0[0]] }
            }
        },
        Tampering("a walk over keys that do not rise", says: "do not rise") {
            try $0.change("cascades", where: { ($0["walks"] as? [Any])?.isEmpty == false }) {
                $0["walks"] = [["from": "b", "keys": ["c", "a"], "table": "users", "whole": true] as [String: Any]]
            }
        },
        Tampering("a walk that is whole in no way", says: "neither true nor false") {
            try $0.change("cascades", where: { ($0["walks"] as? [Any])?.isEmpty == false }) {
                $0["walks"] = [["from": "", "keys": [Any](), "table": "users", "whole": "yes"] as [String: Any]]
            }
        },
        Tampering("an engine that is no number", says: "`engine` of the bundle") { $0["engine"] = "1" },
        Tampering("a rule set twice", says: "comes twice") { $0["rules"] = $0.list("rules") + $0.list("rules") },
        Tampering("a count beyond all bounds", says: "`cascades`[0]: a cascade has") {
            try $0.change("cascades") { $0["count"] = 9_007_199_254_740_991 }
        },
        Tampering("a count of nothing", says: "`cascades`[0]: a cascade has 0") {
            try $0.change("cascades") { $0["count"] = 0 }
        },
        Tampering("a sequence beyond all logs", says: "not in order") {
            try $0.change("entries", where: isFine) { $0["sequence"] = 9_007_199_254_740_991 }
        },
        Tampering("a sequence with a fraction", says: "from 0 on") {
            try $0.change("entries", where: isFine) { $0["sequence"] = 1.5 }
        },
        Tampering("a proof that is no list", says: "is not a list") {
            try $0.change("entries", where: isFine) { $0["proof"] = "no" }
        },
        Tampering("a row that there is none of", says: "names a row that is not in the list") {
            try $0.change("cascades", where: { $0["rows"] != nil }) { $0["rows"] = [499_999] }
        },
    ]

    @Test("proves nothing, and says why", arguments: unproved)
    func proof(_ tampering: Tampering) throws {
        var text = try BundleText(try KnownDispute.bytes)
        try tampering.change(&text)
        let (bytes, key) = (try text.bytes, try KnownDispute.key)
        do throws(DisputeCheck.Failure) {
            let check = try DisputeCheck(bytes, key: key)
            Issue.record("it was accepted: \(check.problems)")
        } catch {
            guard case .bad(let why) = error else { throw error }
            #expect(why.contains(tampering.says), "\(why)")
        }
    }

    /// Changes after which the entries are proved and something else is wrong.
    static let wrong: [Tampering] = [
        Tampering("a row changed that a cascade before left otherwise", says: "left it") {
            try $0.change("rows", where: { $0["table"] as? String == "complaints" && $0["value"] is String }) {
                $0["value"] = "AAAA"
            }
        },
        Tampering("a row that nobody else here set is gone, so that the decision is another", says: "the rules") {
            try $0.change("rows", where: { $0["table"] as? String == "users" }) { $0["value"] = NSNull() }
        },
        Tampering("a row in no form of a row", says: "not in the form of its table") {
            try $0.change("rows", where: { $0["table"] as? String == "users" && $0["value"] is String }) {
                $0["value"] = "/////w=="
            }
        },
        Tampering("a row that is said to be older than what changed it", says: "changed it since") {
            try $0.change("rows", where: { $0["table"] as? String == "complaints" && $0["last"] is Int }) {
                $0["last"] = 0
            }
        },
        Tampering("a row less", says: "does not carry row") {
            try $0.change("cascades", where: { $0["rows"] != nil }) {
                $0["rows"] = ($0["rows"] as? [Int]).map { Array($0.dropLast()) }
            }
        },
        Tampering("a walk less", says: "does not carry the keys of") {
            try $0.change("cascades", where: { $0["walks"] != nil }) { $0["walks"] = [] }
        },
        Tampering("an entry of a cascade left out", says: "lacks entry") {
            try $0.remove("entries", where: isFine)
        },
        Tampering("an entry left out from which a row was folded", says: "from which it was last folded") { text in
            let first = try text.sequence(of: #""type":"user.recorded""#)
            try text.remove("entries") { $0["sequence"] as? Int == first }
        },
        Tampering("a cascade cut short", says: "the rules give") {
            try $0.change("cascades", where: { ($0["count"] as? Int ?? 0) > 5 }) {
                $0["count"] = ($0["count"] as? Int ?? 0) - 1
            }
        },
        Tampering("a cascade that begins with a decision", says: "does not belong to the cascade") {
            try $0.change("cascades", where: { ($0["count"] as? Int ?? 0) > 5 }) {
                $0["sequence"] = ($0["sequence"] as? Int ?? 0) + 1
                $0["count"] = ($0["count"] as? Int ?? 0) - 1
            }
        },
        Tampering("nothing to derive from", says: "carries nothing from which") {
            try $0.change("cascades") {
                $0["rows"] = nil
                $0["walks"] = nil
                $0["why"] = "a court has checked it"
            }
            $0["rules"] = []
            $0["result"] = ["decisions": 0, "differences": [Any](), "record": NSNull()] as [String: Any]
        },
        Tampering("a rule written otherwise", says: "is not written so in its file") {
            try $0.change("rules") { rules in
                rules["acted"] = (rules["acted"] as? [[String: Any]])?.map {
                    $0.merging(["text": ($0["text"] as? String ?? "") + "# and nobody pays"]) { $1 }
                }
            }
        },
        Tampering("a rule less", says: "others than it names") {
            try $0.change("rules") { $0["acted"] = ($0["acted"] as? [Any]).map { Array($0.dropLast()) } }
        },
        Tampering("another file of the rule set", says: "other files by entry") {
            try $0.change("rules") { rules in
                rules["files"] = (rules["files"] as? [[String: Any]])?.map {
                    $0.merging(["digest": String(repeating: "0", count: 64)]) { $1 }
                }
            }
        },
        Tampering("other entries for a rule file", says: "do not hold a text of that digest") {
            try $0.change("rules") { rules in
                rules["files"] = (rules["files"] as? [[String: Any]])?.map { $0.merging(["entries": [0]]) { $1 } }
            }
        },
        Tampering("no rules", says: "does not name rule set") { $0["rules"] = [] },
        Tampering("a result that is none", says: "the result that the bundle states") {
            guard var result = $0["result"] as? [String: Any], var record = result["record"] as? [String: Any] else {
                return
            }
            record["outcome"] = "rejected"
            result["record"] = record
            $0["result"] = result
        },
        Tampering("another complaint's name", says: "nothing in the bundle is about complaint:COMP-7") {
            $0["id"] = "COMP-7"
        },
    ]

    /// The check of the known bundle with a change.
    private static func check(after change: (inout BundleText) throws -> Void) throws -> DisputeCheck {
        var text = try BundleText(try KnownDispute.bytes)
        try change(&text)
        return try DisputeCheck(try text.bytes, key: try KnownDispute.key)
    }

    /// States the result that the derived cascades of a changed bundle give, as its forger would.
    private static func restate(_ text: inout BundleText) throws {
        let check = try DisputeCheck(try text.bytes, key: try KnownDispute.key)
        guard var result = text["result"] as? [String: Any] else { return }
        result["decisions"] = check.decisions
        text["result"] = result
    }

    private static func holdsFine(_ text: BundleText, _ cascade: [String: Any]) -> Bool {
        guard let first = cascade["sequence"] as? Int, let count = cascade["count"] as? Int else { return false }
        return text.list("entries").contains { entry in
            isFine(entry) && (first..<first + count).contains(entry["sequence"] as? Int ?? -1)
        }
    }

    @Test("that calls the cascade of a fine proved is not OK, and the fine is named")
    func provedFine() throws {
        let check = try Self.check { text in
            let known = text
            try text.change("cascades", where: { Self.holdsFine(known, $0) }) {
                $0["rows"] = nil
                $0["walks"] = nil
                $0["why"] = "a court has checked it"
            }
            try Self.restate(&text)
        }
        let fine = UInt64(try BundleText(try KnownDispute.bytes).sequence(of: #""type":"fine.imposed"}"#))
        #expect(check.verdict != .ok && check.notDerived.contains(fine) && check.proved.contains(fine))
        #expect(!check.derived.contains(fine) && !check.derived.isEmpty)
        let json = String(decoding: check.json, as: UTF8.self)
        #expect(!json.contains(#""verdict":"OK""#))
        #expect(check.text.contains("proved but not derived again"))
    }

    @Test("that carries a fine without its cascade is not OK, and says that it was not recomputed")
    func looseFine() throws {
        let check = try Self.check { text in
            let known = text
            try text.remove("cascades") { Self.holdsFine(known, $0) }
            try Self.restate(&text)
        }
        let fine = UInt64(try BundleText(try KnownDispute.bytes).sequence(of: #""type":"fine.imposed"}"#))
        #expect(check.verdict != .ok && check.notDerived.contains(fine))
        #expect(check.text.contains("carried without their cascades, proved but not recomputed"))
    }

    @Test("that ends a proved cascade too early is found where the next entry is carried")
    func shortProved() throws {
        let problems = try Self.check { text in
            try text.change("cascades", where: { ($0["count"] as? Int ?? 0) > 5 }) {
                $0["count"] = 2
                $0["rows"] = nil
                $0["walks"] = nil
                $0["why"] = "that is all"
            }
        }.problems
        #expect(problems.contains { $0.contains("does not end at entry") }, "\(problems)")
    }

    @Test("as it is says which decisions were derived again, which are only proved, and rests on the former")
    func told() throws {
        let check = try KnownDispute.check
        #expect(check.verdict == .ok && check.notDerived.isEmpty && check.objection == nil)
        #expect(check.derived == check.derived.sorted() && Set(check.derived).isDisjoint(with: check.proved))
        let json = try Document.parse(check.json).root
        #expect(json["derived"]?.count == check.derived.count && json["proved"]?.count == check.proved.count)
        #expect(json["notDerived"]?.count == 0)
        #expect(SequenceList.text([3, 1, 2, 7]) == "#1–#3, #7")
    }

    @Test("of rules put in force only behind the decisions under them does not hold")
    func lateRules() throws {
        let ledger = try ScratchLedger.knownHistory()
        let rules = try ScratchLedger.repositoryRules()
        let end = ledger.machine.clock
        try ledger.activate(rules + [SimulationTests.idle], at: end.adding(seconds: 60).text)
        try ledger.activate(rules, at: end.adding(seconds: 120).text)
        let late = try #require(try ledger.sequences(of: "ruleset.activated").last)
        let made = try #require(
            try DisputeBundle.make(DisputeSubject(kind: .complaint, id: "COMP-001"), from: ledger.log))
        #expect(made.check.isGood, "\(made.check.problems)")

        // The same rules were activated once more, which the forger says is when they came into force.
        let proof = try #require(try ledger.log.proofs(of: [late], size: ledger.log.size).1.first)
        let entry = String(decoding: try #require(try ledger.log.entry(late)), as: UTF8.self)
        var text = try BundleText(made.bytes)
        let more: [String: Any] = ["entry": entry, "proof": proof.hashes.map(\.base64), "sequence": Int(late)]
        text["entries"] =
            text.list("entries").filter { $0["sequence"] as? Int != Int(late) } + [more]
        try text.change("rules") { $0["activated"] = Int(late) }
        let check = try DisputeCheck(try text.bytes, key: ledger.log.verifierKey.description)
        #expect(check.problems.contains { $0.contains("put it in force") }, "\(check.problems)")
    }

    @Test("in any place by a number, a text or nothing is refused or told, and never a trap")
    func fuzz() throws {
        var random = SeededGenerator.announced()
        let whole = try KnownDispute.bytes, key = try KnownDispute.key
        for _ in 0..<25 {
            var bytes = whole
            for _ in 0..<random.int(in: 1...3) {
                let place = random.int(in: 0...bytes.count - 1)
                switch random.int(in: 0...3) {
                case 0: bytes[place] ^= UInt8(1 << random.int(in: 0...7))
                case 1: bytes.insert(UInt8(0x30 + random.int(in: 0...9)), at: place)
                case 2: bytes.remove(at: place)
                default: bytes.replaceSubrange(place..<place, with: Array("null".utf8))
                }
            }
            guard bytes != whole else { continue }
            do throws(DisputeCheck.Failure) {
                let check = try DisputeCheck(bytes, key: key)
                #expect(!check.isGood, "a change at random was accepted")
            } catch { #expect(!error.description.isEmpty) }
        }
    }

    @Test("does not hold, and says where", arguments: wrong)
    func problem(_ tampering: Tampering) throws {
        let problems = try KnownDispute.problems(after: tampering.change)
        #expect(problems.contains { $0.contains(tampering.says) }, "\(problems)")
    }

    @Test("with another key of the same name proves nothing")
    func otherKey() throws {
        let other = try VerifySample.signer(seed: 99, name: "docket.example/audit").verifierKey.description
        #expect(throws: DisputeCheck.Failure.self) { try DisputeCheck(try KnownDispute.bytes, key: other) }
    }

    @Test("is damaged where it begins as a bundle, and none where it does not")
    func damaged() throws {
        let bytes = try KnownDispute.bytes, key = try KnownDispute.key
        func failure(_ bytes: [UInt8]) -> DisputeCheck.Failure? {
            do throws(DisputeCheck.Failure) { _ = try DisputeCheck(bytes, key: key) } catch { return error }
            return nil
        }
        for count in [1, 10, 200, bytes.count / 2, bytes.count - 12] {
            guard case .bad = failure(Array(bytes.prefix(bytes.count - count))) else {
                Issue.record("cut by \(count)")
                continue
            }
        }
        let nested = String(repeating: #"{"a":"#, count: 100_000)
        guard case .bad = failure(Array((#"{"bundle":"# + nested).utf8)) else {
            Issue.record("nesting in a bundle")
            return
        }
        for text in [
            nested, "{}", "[]", "", #"{"bundle":"docket.dispute/2"}"#, #" {"bundle":"docket.dispute/1"}"#,
            #"{"bundle":"docket.dispute/1","engine":999}"#,
        ] {
            guard case .unusable = failure(Array(text.utf8)) else {
                Issue.record("\(text.prefix(60))")
                continue
            }
        }
    }
}
