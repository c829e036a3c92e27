package import AgentKit
package import Engine
import Foundation
import Testing

extension Bench {
    /// The folder of the package.
    package static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The shipped rule files by name.
    package static func shippedRules() throws -> [String: String] {
        let folder = repository + "/rules/"
        var rules: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".yaml") {
            rules[name] = try String(contentsOfFile: folder + name, encoding: .utf8)
        }
        return rules
    }

    /// The shipped rules in a town with a buyer who has 300 rupees, a seller with a product for 100 and a service for
    /// 50.
    package static func town() throws -> Bench {
        let bench = try shipped(sealing: OpenSealing())
        for (type, data) in [
            ("area.registered", #"{"area":"lahore"}"#),
            ("user.registered", #"{"userId":"U-ali","role":"buyer","area":"lahore","level":"basic"}"#),
            ("user.registered", #"{"userId":"U-sana","role":"seller","area":"lahore","level":"normal"}"#),
            (
                "product.listed",
                #"{"productId":"P-1","sellerId":"U-sana","title":"Goods","price":10000,"currency":"PKR","stock":9,"category":"audio","tags":[],"area":"lahore"}"#
            ),
            (
                "service.registered",
                #"{"serviceId":"S-1","providerId":"U-sana","title":"T","price":5000,"currency":"PKR","license":{"kind":"call","calls":1},"requiredLevel":"free","available":true}"#
            ),
            (
                "wallet.deposited",
                #"{"depositId":"D-1","userId":"U-ali","amount":30000,"currency":"PKR","provider":"bank"}"#
            ),
        ] {
            try bench.send(type, data, at: "2024-02-15T09:00:00Z")
        }
        return bench
    }

    /// Plays one of the shipped histories: a file of `fixtures` with an event a line.
    package func play(file name: String) throws {
        for line in try String(contentsOfFile: Self.repository + "/fixtures/" + name, encoding: .utf8).split(
            separator: "\n")
        {
            try send(ingress.prepare(Document.parse(Array(line.utf8)).root, authority: "local"))
        }
    }

    /// Sends events at the present time of the ledger.
    package func play(_ events: [(type: String, data: String)]) throws {
        for (type, data) in events { try send(type, data) }
    }

    /// Corrects how the complaint `C-1` ended, by an administrator.
    /// - Parameter about: the member that names its order or request.
    package func correct(_ number: Int, about: String, outcome: String, refund: Int) throws {
        let sent = try send(
            "admin.override",
            #"{"overrideId":"OV-\#(number)","corrects":"0000000000000001","because":"test","emit":[{"type":"complaint.closed","subject":"C-1","data":{"complaintId":"C-1",\#(about),"outcome":"\#(outcome)","refundAmount":\#(refund)}}]}"#
        )
        #expect(sent.types.contains("complaint.closed") && !sent.types.contains("agent.failed"))
    }
}

/// A sealing that hides nothing: the same value of anybody always seals to the same text.
package struct OpenSealing: Sealing {
    package init() {}

    package func seal(
        _ value: View, userId: String, origin: String, source: String, id: String, pointer: String
    ) throws(Problem) -> (commitment: String, sealed: String) {
        ("c-" + (value.string ?? ""), "s-" + (value.string ?? ""))
    }

    package func prepareErasure(of persons: [String]) -> Bool { true }
    package func erase(_ persons: [String]) -> [String] { [] }
    package func abandonErasure() {}
}
