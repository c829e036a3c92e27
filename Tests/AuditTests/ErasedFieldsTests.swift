import Audit
import Foundation
import JSON
import Rules
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

    @Test("is said to be erased in sentences once its person was, and nobody else's")
    func said() throws {
        let rules = try ScratchLedger.repositoryRules().map { file in
            guard file.name == "verification.yaml" else { return file }
            let text = String(decoding: file.text, as: UTF8.self)
            let say = "{userId} ({name}) joins"
            let changed = text.replacing(#/(user\.registered:\s+say: )"[^"]*"/#) { $0.output.1 + "\"\(say)\"" }
            #expect(changed.contains(say))
            return RuleFile(name: file.name, text: changed)
        }
        let ledger = try ScratchLedger(rules)
        for user in ["U-ali", "U-sana"] {
            try ledger.send(
                "user.registered", #"{"userId":"\#(user)","role":"buyer","area":"lahore","name":"N"}"#,
                at: "2024-02-15T09:00:00Z")
        }
        let explainer = try Explainer(ledger.log)
        let registered = try ledger.sequences(of: "user.registered")
        #expect(try explainer.explain(registered[0]).text.contains("U-ali ((sealed)) joins"))
        try ledger.send("erasure.requested", #"{"requestId":"E-1","userId":"U-ali"}"#)
        #expect(try explainer.explain(registered[0]).text.contains("U-ali ((erased)) joins"))
        #expect(try explainer.explain(registered[1]).text.contains("U-sana ((sealed)) joins"))
        let timeline = try Timeline(of: SubjectName("user:U-ali")!, in: ledger.log)
        #expect(timeline.text.contains("U-ali ((erased)) joins"))
    }
}
