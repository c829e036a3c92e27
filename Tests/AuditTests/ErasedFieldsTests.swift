import Audit
import Foundation
import JSON
import TestSupport
import Testing

@Suite("an entry laid out for reading")
struct ErasedFieldsTests {
    @Test("names what is personal as erased once its person was, and nobody else's")
    func erased() throws {
        let ledger = try ScratchLedger(ScratchLedger.repositoryRules())
        func register(_ user: String) throws -> UInt64 {
            try ledger.send(
                "user.registered", #"{"userId":"\#(user)","role":"buyer","area":"lahore","name":"Ali"}"#,
                at: "2024-02-15T09:00:00Z")
            return try #require(ledger.sequences(of: "user.registered").last)
        }
        let (ali, sana) = (try register("U-ali"), try register("U-sana"))
        func page(_ sequence: UInt64) throws -> (text: String, name: View?) {
            let page = try #require(try LedgerReader(logDirectory: ledger.folder.file("log")).entry(sequence))
            return (page.text, try Document.parse(page.json).root["data"]?["name"])
        }
        #expect(try page(ali).text.contains("personal data"))
        #expect(try page(ali).name?["sealed"] != nil)

        try ledger.send("erasure.requested", #"{"requestId":"E-1","userId":"U-ali"}"#)
        #expect(try page(ali).name?["erased"]?.bool == true)
        #expect(try page(ali).name?.count == 1)
        #expect(try !page(ali).text.contains("personal data"))
        #expect(try page(ali).text.contains("erased"))
        #expect(try page(sana).name?["sealed"] != nil)
    }
}
