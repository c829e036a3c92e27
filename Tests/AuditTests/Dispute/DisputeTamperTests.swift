import Audit
import EventLog
import Foundation
import TestSupport
import Testing
import TransparencyLog

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
