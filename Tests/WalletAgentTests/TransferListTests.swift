import AgentKit
import JSON
import Ledger
import Testing

@testable import WalletAgent

@Suite("A list of transfers as it is recorded")
struct TransferListTests {
    private static let plain = Transfer(
        id: "", debitAccount: "wallet/U/PKR", creditAccount: "escrow/O/PKR", amount: Amount(1999),
        currency: Currency("PKR")!)
    private static let full = Transfer(
        id: "", debitAccount: "wallet/\"U\"/PKR", creditAccount: "gateway/bank/PKR", amount: Amount(1),
        currency: Currency("PKR")!, code: 7, pendingId: "0000000000000001/0", timeoutSeconds: 60,
        flags: [.pending])

    private func json(_ list: TransferList) throws -> String {
        var writer = CanonicalWriter(capacity: 64)
        #expect(list.writeCanonical(0, into: &writer))
        let bytes = writer.bytes
        #expect(bytes.withUnsafeBytes { Document.isCanonical($0) })
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let members =
        #""amount":1,"code":7,"creditAccount":"gateway/bank/PKR","currency":"PKR","debitAccount":"wallet/\"U\"/PKR","flags":["pending"],"#

    @Test("has its members in the order of RFC 8785, those that are absent left out")
    func requested() throws {
        #expect(
            try json(TransferList(requested: [Self.plain, Self.full]))
                == #"[{"amount":1999,"creditAccount":"escrow/O/PKR","currency":"PKR","debitAccount":"wallet/U/PKR"},{"#
                + Self.members + #""pendingId":"0000000000000001/0","timeoutSeconds":60}]"#)
    }

    @Test("has ids once it is posted")
    func posted() throws {
        let list = TransferList(posted: [Self.plain, Self.full], by: EntrySequence(128), first: 3)
        #expect(
            try json(list)
                == #"[{"amount":1999,"creditAccount":"escrow/O/PKR","currency":"PKR","debitAccount":"wallet/U/PKR","id":"0000000000000128/3"},{"#
                + Self.members
                + #""id":"0000000000000128/4","pendingId":"0000000000000001/0","timeoutSeconds":60}]"#)
        #expect(try json(TransferList(requested: [])) == "[]")
    }

    private let now = Instant(milliseconds: 1_708_000_000_000)
    private let pkr = Currency("PKR")!

    @Test("posted transfers read as records and write as the same canonical JSON")
    func twoFaces() throws {
        let bench = try WalletBench()
        let transfers = [
            Transfer(
                id: "", debitAccount: "gateway/bank/PKR", creditAccount: "wallet/U-1/PKR", amount: Amount(7),
                currency: pkr),
            Transfer(
                id: "", debitAccount: "wallet/U-1/PKR", creditAccount: "wallet/U-2/PKR", amount: Amount(5),
                currency: pkr, timeoutSeconds: 60, flags: [.pending, .balancingDebit]),
        ]
        guard case .posted(let list) = try bench.post(transfers, at: now) else {
            Issue.record("refused")
            return
        }
        var writer = CanonicalWriter(capacity: 64)
        #expect(list.writeCanonical(0, into: &writer))
        let written = String(decoding: writer.bytes, as: UTF8.self)
        #expect(
            written
                == #"[{"amount":7,"creditAccount":"wallet/U-1/PKR","currency":"PKR","debitAccount":"gateway/bank/PKR","#
                + #""id":"0000000000000001/0"},{"amount":5,"creditAccount":"wallet/U-2/PKR","currency":"PKR","#
                + #""debitAccount":"wallet/U-1/PKR","flags":["pending","balancingDebit"],"id":"0000000000000001/1","#
                + #""timeoutSeconds":60}]"#)
        let document = try Document.parse(writer.bytes)
        for index in 0..<2 {
            guard case .host(let host, let node)? = list.element(0, index) else {
                Issue.record("no element")
                return
            }
            let object = document.root.element(index)
            #expect(host.count(node) == object.count)
            for (position, child) in object.children.enumerated() {
                let name = try #require(child.name)
                #expect(host.key(node, at: position).stringValue == name)
                #expect(host.member(node, FieldName(name)) != nil)
            }
        }
    }

    @Test("200 payments between the longest usual ids stay below the size of an entry")
    func size() throws {
        let bench = try WalletBench()
        let user = "U-" + String(repeating: "a", count: 34)
        let transfers = (0..<200).map {
            Transfer(
                id: "", debitAccount: "gateway/bank/EHBGC", creditAccount: "wallet/\(user)\($0 + 100)/EHBGC",
                amount: Amount(1_000_000_000_000), currency: Currency("EHBGC")!)
        }
        guard case .posted(let list) = try bench.post(transfers, at: now) else {
            Issue.record("refused")
            return
        }
        var writer = CanonicalWriter(capacity: 64)
        #expect(list.writeCanonical(0, into: &writer) && writer.count < 60_000)
    }
}
