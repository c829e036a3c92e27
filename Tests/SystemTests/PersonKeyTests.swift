import Foundation
import TestSupport
import Testing

/// Events of the persons in these tests.
enum Persons {
    static func event(_ type: String, _ id: String, _ data: String, more: String = "") -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/tests","type":"\#(type)","time":"2024-02-15T09:00:00Z"\#(more),"#
            + #""data":\#(data)}"# + "\n"
    }

    static let area = event("area.registered", "a-1", #"{"area":"lahore"}"#)

    static func user(_ id: String, name: String) -> String {
        event(
            "user.registered", "u-\(id)-\(name.count)",
            #"{"userId":"\#(id)","role":"buyer","area":"lahore","name":"\#(name)","email":"\#(name)@mail.example"}"#)
    }

    static func erasure(_ id: String) -> String {
        event("erasure.requested", "e-\(id)", #"{"requestId":"E-\#(id)","userId":"\#(id)"}"#)
    }
}

@Suite("verify --keys", .ownThreads)
struct PersonKeyTests {
    private struct Verdict: Decodable {
        struct Keys: Decodable {
            struct Finding: Decodable {
                let userId: String
                let problem: String
                let sequences: [Int]
            }
            let findings: [Finding]
            let persons: Int
            let erased: Int
            let fields: Int
            let damage: String?
        }
        let verdict: String
        let reason: String?
        let keys: Keys?
        let bad: [Bad]
        struct Bad: Decodable { let what: String }
    }

    private let ledger: TestLedger
    private var persons: String { ledger.data + "/keys/persons" }

    init() throws { ledger = try TestLedger() }

    private func append(_ events: String...) throws {
        let result = try ledger.run("run", "-", input: events.joined())
        try #require(result.status == 0, "\(result.messages)\(result.output)")
    }

    private func verify() throws -> (status: Int32, Verdict) {
        let result = try ledger.run("verify", "--key", ledger.key, "--keys", "--json")
        return (result.status, try JSONDecoder().decode(Verdict.self, from: Data(result.output.utf8)))
    }

    private func lines() throws -> [String] {
        try String(contentsOfFile: persons, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private func write(_ lines: [String]) throws {
        try lines.map { $0 + "\n" }.joined().write(toFile: persons, atomically: true, encoding: .utf8)
    }

    private func line(of user: String, in lines: [String]) throws -> Int {
        try #require(lines.firstIndex { $0.contains(" " + Data(user.utf8).base64EncodedString() + " ") })
    }

    @Test("compares every sealed field with the key of its person, before and after an erasure")
    func sound() throws {
        try append(Persons.area, Persons.user("U-ali", name: "Ali"), Persons.user("U-sana", name: "Sana"))
        let before = try verify()
        #expect(before.status == 0 && before.1.verdict == "OK")
        #expect(before.1.keys?.persons == 2 && before.1.keys?.fields == 4 && before.1.keys?.findings.isEmpty == true)
        try append(Persons.erasure("U-ali"))
        let after = try verify()
        #expect(after.status == 0 && after.1.keys?.erased == 1 && after.1.keys?.fields == 4)
        let text = try ledger.run("verify", "--key", ledger.key, "--keys")
        #expect(text.output.contains("4 sealed fields of 2 persons"), "\(text.output)")
    }

    @Test("a line that was deleted is a key that is missing, with the entries that need it")
    func deleted() throws {
        try append(Persons.area, Persons.user("U-ali", name: "Ali"), Persons.user("U-sana", name: "Sana"))
        var lines = try lines()
        lines.remove(at: try line(of: "U-ali", in: lines))
        try write(lines)
        let (status, found) = try verify()
        #expect(status == 1 && found.verdict == "FAIL" && found.reason == "keys")
        let finding = try #require(found.keys?.findings.first)
        #expect(found.keys?.findings.count == 1)
        #expect(finding.userId == "U-ali" && finding.problem == "missing")
        let entry = try ledger.run("log", "--type", "user.registered", "--json").lines
        let sequence = try #require(entry.first { $0.contains(#""userId":"U-ali""#) })
        #expect(finding.sequences.count == 1)
        #expect(sequence.contains(String(finding.sequences[0])))
        #expect(found.bad.map(\.what) == ["the key of `U-ali`"])
        // Without the option nobody looks at keys.
        #expect(try ledger.run("verify", "--key", ledger.key).status == 0)
    }

    @Test("a key put back after its erasure is found, also where the line of the erasure still follows it")
    func outlived() throws {
        try append(Persons.area, Persons.user("U-ali", name: "Ali"))
        let before = try lines()
        try append(Persons.erasure("U-ali"))
        let erased = try lines()
        for restored in [before, before + erased.dropFirst()] {
            try write(restored)
            let (status, found) = try verify()
            #expect(status == 1 && found.reason == "keys")
            #expect(found.keys?.findings.map(\.problem) == ["outlived"])
            #expect(found.keys?.findings.first?.sequences.count == 1)
        }
        // As after a crash between the commit and the destruction: the next start carries it out.
        try write(before)
        try ledger.startService()
        #expect(try ledger.run("verify", "--key", ledger.key, "--keys").status == 0)
        #expect(try !lines().contains(before[1]))
        #expect(try ledger.stopService() == 0)
        #expect(try verify().status == 0)
    }

    @Test("an erasure that the keys alone know of, a key of somebody else, a damaged and a missing file are found")
    func forged() throws {
        try append(Persons.area, Persons.user("U-ali", name: "Ali"), Persons.user("U-sana", name: "Sana"))
        let sound = try lines()
        let other = try TestLedger()
        try #require(try other.run("run", "-", input: Persons.area + Persons.user("U-ali", name: "Ali")).status == 0)
        var damaged = sound
        damaged[1] = "key " + damaged[1].dropFirst(4).reversed()
        try write(damaged)
        let bad = try verify()
        #expect(bad.status == 1 && bad.1.keys?.damage?.contains("damaged at byte") == true)
        try FileManager.default.removeItem(atPath: persons)
        let gone = try verify()
        #expect(gone.status == 1 && gone.1.keys?.damage?.contains("No such file") == true)
        try write([sound[0]])
        let empty = try verify()
        #expect(empty.1.keys?.findings.map(\.problem) == ["missing", "missing"])
        try write(sound)
        #expect(try verify().status == 0)
        // Lines of another ledger are none here: a damaged one, which a good one follows.
        try write(
            [
                sound[0],
                String(
                    try #require(
                        String(contentsOfFile: other.data + "/keys/persons", encoding: .utf8)
                            .split(separator: "\n").last)),
            ] + sound.dropFirst())
        #expect(try verify().1.keys?.damage != nil)
    }

    @Test("needs the data directory and its signing key")
    func unusable() throws {
        try append(Persons.area)
        _ = try ledger.exportedLog()
        let export = try Docket.binary.run(
            "verify", ledger.folder.file("export.ndjson"), "--key", ledger.key, "--keys")
        #expect(export.status == 2 && export.messages.contains("data directory"), "\(export.messages)")
        try FileManager.default.moveItem(atPath: ledger.data + "/key", toPath: ledger.folder.file("key"))
        let keyless = try ledger.run("verify", "--key", ledger.key, "--keys")
        #expect(keyless.status == 2, "\(keyless.messages)")
        #expect(
            try ledger.run("verify", "--key", ledger.key, "--keys", "--key-file", ledger.folder.file("key")).status == 0
        )
    }
}
