import Audit
import Engine
import JSON
import Testing

@Suite("a timeline")
struct TimelineTests {
    let ledger: ScratchLedger

    init() throws { ledger = try ScratchLedger.known }

    @Test("of a complaint reads as its story, tier by tier")
    func complaint() throws {
        let timeline = try Timeline(of: SubjectName("complaint:COMP-001")!, in: ledger.log)
        let lines = timeline.text.split(separator: "\n").map(String.init)
        #expect(lines[0].hasPrefix("COMP-001  U-ali complained: delivery delay"))
        #expect(lines[0].hasSuffix("the complaint is closed as unresolved"))
        #expect(lines[1].hasPrefix("  16 Feb 15:00  U-ali complained: delivery delay"))
        #expect(timeline.text.contains("16 Feb 21:00  F-zoneone (sub) had 6 hours and did not resolve it "))
        #expect(timeline.text.contains("    F-zoneone fined PKR 39.98"))
        #expect(timeline.text.contains("    passed on to F-lahore (master), until 17 Feb 03:00"))
        #expect(timeline.text.contains("timer complaint.deadline"))
        #expect(timeline.text.contains("complaint/deadline-missed 1.0.0"))
    }

    @Test("holds the entries that name its subject and all that followed, and no others")
    func membership() throws {
        let order = try Timeline(of: SubjectName("order:ORD-001")!, in: ledger.log)
        let types = order.entries.map { $0.root["type"]?.string ?? "" }
        #expect(types.first == "order.placed")
        #expect(types.suffix(2) == ["order.refunded", "notification.requested"])
        #expect(types.contains("complaint.submitted"))
        #expect(!types.contains("product.listed"))
        #expect(!order.entries.contains { $0.root["subject"]?.string == "ORD-002" })
        #expect(order.sequences == order.sequences.sorted())
    }

    @Test("of a person holds the money that came and went")
    func person() throws {
        let user = try Timeline(of: SubjectName("user:U-ali")!, in: ledger.log)
        let types = Set(user.entries.map { $0.root["type"]?.string ?? "" })
        #expect(types.isSuperset(of: ["user.registered", "wallet.deposited", "order.placed", "transfer.posted"]))
        #expect(!user.text.contains("ali_buyer@test.com"))
    }

    @Test("up to a moment stops there")
    func moment() throws {
        let subject = SubjectName("complaint:COMP-001")!
        let early = try Timeline(of: subject, in: ledger.log, upTo: Moment("2024-02-16T16:00:00Z"))
        #expect(early.text.contains("  passed on to F-lahore (master), until 17 Feb 03:00\n"))
        #expect(!early.text.contains("59.97"))
    }

    @Test("names the year of every time that is not of the ledger's present year, or not of the line's own")
    func years() throws {
        let ledger = try ScratchLedger(try ScratchLedger.repositoryRules())
        try ledger.send("user.registered", #"{"userId":"U","role":"buyer","area":"a"}"#, at: "2024-02-05T09:00:00Z")
        try ledger.send(
            "wallet.deposited",
            #"{"depositId":"D","userId":"U","amount":100000,"currency":"EHBGC","provider":"bank"}"#)
        try ledger.send(
            "coins.lock.requested", #"{"lockId":"L","userId":"U","amount":10000,"currency":"EHBGC","months":12}"#)
        let user = SubjectName(kind: "user", id: "U")
        let thisYear = try Timeline(of: user, in: ledger.log).text
        #expect(thisYear.contains("\n  05 Feb 14:00  U joins as buyer"))
        #expect(thisYear.contains("EHBGC 100.00 is locked until 05 Feb 2025 14:00"), "\(thisYear)")
        try ledger.send(
            "wallet.deposited", #"{"depositId":"D-2","userId":"U","amount":1,"currency":"EHBGC","provider":"bank"}"#,
            at: "2025-01-01T00:00:00Z")
        let nextYear = try Timeline(of: user, in: ledger.log).text
        #expect(nextYear.contains("\n  05 Feb 2024 14:00  U joins as buyer"), "\(nextYear)")
        #expect(nextYear.contains("\n  01 Jan 05:00       EHBGC 0.01 arrives for U"), "\(nextYear)")
        let explained = try Explainer(ledger.log).explain(try ledger.sequences(of: "coins.locked")[0]).text
        #expect(explained.contains("is locked until 05 Feb 2025 14:00") && explained.contains("  05 Feb 2024 14:00  "))
    }

    @Test("of a subject that no entry names says so")
    func nobody() throws {
        let nobody = try Timeline(of: SubjectName("order:ORD-404")!, in: ledger.log)
        #expect(nobody.entries.isEmpty)
        #expect(nobody.text == "order:ORD-404\n\n  nothing is recorded\n")
    }

    @Test("as JSON carries the entries as they are recorded")
    func json() throws {
        let timeline = try Timeline(of: SubjectName("complaint:COMP-001")!, in: ledger.log)
        #expect(isCanonical(timeline.json))
        let root = try Document(adopting: timeline.json).root
        #expect(root["entries"]?.count == timeline.entries.count)
        #expect(root["subject"]?.string == "complaint:COMP-001")
        #expect(root["summary"]?.string == "COMP-001  U-ali complained: delivery delay")
    }

    @Test("a subject's name is a kind, a colon and an id")
    func names() {
        #expect(SubjectName("order:A:1") == SubjectName(kind: "order", id: "A:1"))
        #expect(SubjectName("ORD-001") == nil)
        #expect(SubjectName("order:") == nil)
        #expect(SubjectName("Order:1") == nil)
    }
}
