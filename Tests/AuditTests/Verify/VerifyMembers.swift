import Foundation
import TransparencyLog

/// The members of an entry as JSON texts, for tests to change one of them.
struct VerifyMembers {
    var members: [String: String]

    /// Members that every entry has.
    private init(_ i: Int, _ more: [String: String]) {
        members = [
            "data": "{}", "datacontenttype": "\"application/json\"", "recordedtime": "\"\(VerifySample.time(i))\"",
            "sequence": Self.padded(i), "specversion": "\"1.0\"", "correlationid": Self.padded(0),
        ].merging(more) { $1 }
    }

    static func padded(_ i: Int) -> String {
        let digits = String(i)
        return "\"" + String(repeating: "0", count: 16 - digits.count) + digits + "\""
    }

    /// A producer's event.
    static func trigger(_ i: Int) -> VerifyMembers {
        VerifyMembers(
            i,
            [
                "authid": "\"local\"", "id": "\"e-\(i)\"", "source": "\"/shop\"", "type": "\"order.placed\"",
                "correlationid": padded(i),
            ])
    }

    /// A decision of an agent's rule.
    static func decision(_ i: Int, cause: Int) -> VerifyMembers {
        VerifyMembers(
            i,
            [
                "agent": "\"order\"", "because": "\"it is so\"", "causationid": padded(cause), "id": padded(i),
                "rule": "\"order/place\"", "ruleset": "\"8982e2\"", "source": "\"/agents/order\"",
                "type": "\"order.accepted\"",
            ])
    }

    /// A trigger of the clock.
    static func timer(_ i: Int, cause: Int) -> VerifyMembers {
        VerifyMembers(
            i,
            [
                "authid": "\"clock\"", "causationid": padded(cause), "data": "{\"key\":\"ORD-1\"}", "id": padded(i),
                "source": "\"/clock\"", "subject": "\"ORD-1\"", "type": "\"timer.fired\"", "correlationid": padded(i),
            ])
    }

    /// One of the first entries.
    static func genesis(_ i: Int) -> VerifyMembers {
        VerifyMembers(
            i,
            [
                "authid": "\"ledger\"", "data": "{\"digest\":\"8982e2\",\"file\":\"order.yaml\"}", "id": padded(i),
                "source": "\"/engine\"", "subject": "\"order.yaml\"", "type": "\"ruleset.file.added\"",
                "correlationid": padded(i),
            ])
    }

    /// The same with some members replaced, or left out where the text is nil.
    func with(_ changes: [String: String?]) -> VerifyMembers {
        var changed = self
        for (name, text) in changes { changed.members[name] = text }
        return changed
    }

    /// The canonical bytes of the entry behind another.
    func line(after previous: Hash256) -> [UInt8] {
        let all = members.merging(["previoushash": "\"\(previous.base64)\""]) { $1 }
        return Array(
            ("{" + all.sorted { $0.key < $1.key }.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}").utf8)
    }
}

extension VerifySample {
    /// A chain of one trigger, a decision on it, a timer that the decision set and a decision on that; then triggers.
    /// `change` may give other members to an entry.
    static func cascade(
        _ count: Int = 20, _ change: (Int, VerifyMembers) -> VerifyMembers = { $1 }
    ) -> [[UInt8]] {
        chain(count) { i, previous in
            let members: VerifyMembers =
                switch i {
                case 0: .genesis(0)
                case 1: .trigger(1)
                case 2: .decision(2, cause: 1)
                case 3:
                    .decision(3, cause: 1).with([
                        "data": "{\"key\":\"ORD-1\"}", "subject": "\"ORD-1\"", "type": "\"timer.scheduled\"",
                    ])
                case 4: .timer(4, cause: 3)
                case 5: .decision(5, cause: 4)
                default: .trigger(i)
                }
            return change(i, members).line(after: previous)
        }
    }

    /// The receipt of an entry under the checkpoint of the first `size` lines, with the entry in it unless bare.
    static func receipt(
        _ index: Int, of lines: [[UInt8]], _ signer: NoteSigner, size: Int? = nil, isBare: Bool = false
    ) -> TLogProof {
        let size = size ?? lines.count, leaves = lines.map { leafHash($0) }
        let proof = InclusionProof.make(index: UInt64(index), size: UInt64(size)) { level, i in
            var row = Array(leaves[(Int(i) << level)..<(Int(i + 1) << level)])
            while row.count > 1 { row = (0..<(row.count / 2)).map { nodeHash(row[2 * $0], row[2 * $0 + 1]) } }
            return row[0]
        }
        return TLogProof(
            inclusion: proof, checkpoint: sign(lines, signer, size: size), extra: isBare ? nil : lines[index])
    }
}
