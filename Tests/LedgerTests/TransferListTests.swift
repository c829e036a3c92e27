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
}
