import Foundation
import TestSupport
import Testing

/// A text in every form in which a file may hold it.
struct Needle {
    let text: String
    let forms: [(name: String, bytes: Data)]

    init(_ text: String) {
        self.text = text
        let raw = Data(text.utf8)
        var forms = [("raw", raw)]
        for shift in 0..<3 {
            // The characters that the bytes before and behind have no share in.
            let encoded = (Data(count: shift) + raw).base64EncodedString()
            let whole = (shift + raw.count) * 8 / 6
            forms.append(("base64", Data(encoded.prefix(whole).dropFirst((shift * 8 + 5) / 6).utf8)))
        }
        let hex = raw.map { String(UInt8($0), radix: 16).leftPadded }.joined()
        forms += [("hex", Data(hex.utf8)), ("hex", Data(hex.uppercased().utf8))]
        forms += [
            ("UTF-16LE", text.data(using: .utf16LittleEndian)!), ("UTF-16BE", text.data(using: .utf16BigEndian)!),
        ]
        self.forms = forms
    }

    /// The forms found in bytes.
    func found(in bytes: Data) -> [String] { forms.filter { bytes.range(of: $0.bytes) != nil }.map(\.name) }

    /// The files under a folder that hold the text, each with the form.
    static func search(_ needles: [Needle], under folder: String) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
        return try names.flatMap { name -> [String] in
            let path = folder + "/" + name
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            guard attributes[.type] as? FileAttributeType == .typeRegular else { return [] }
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            return needles.flatMap { needle in needle.found(in: bytes).map { "\(needle.text) as \($0) in \(name)" } }
        }
    }
}

extension String {
    fileprivate var leftPadded: String { count < 2 ? "0" + self : self }
}

@Suite("Erasure of a person", .ownThreads)
struct ErasureTests {
    private static let name = "Zulfiqarnadir"
    private static let email = "zulfiqar.nadir@quaintmail.example"
    private static let texts = [
        name, email, "quaintmail", "harpsichord tuning", "the clavichord came broken", "the virginals crashed",
        "03214598761", "4598761", "31.520371", "74.358749",
    ]

    /// What U-zul writes, and what others and U-zul do with money.
    private static let history: String = {
        let place = #"{"lat":31.520371,"lon":74.358749}"#
        func event(_ type: String, _ id: String, _ data: String) -> String { Persons.event(type, id, data) }
        return Persons.area
            + event(
                "user.registered", "u-1",
                #"{"userId":"U-zul","role":"buyer","area":"lahore","name":"\#(name)","email":"\#(email)","tags":["\#(email)","books"]}"#
            )
            + Persons.user("U-sana", name: "Sana")
            + event("session.started", "s-1", #"{"sessionId":"N-1","userId":"U-zul","location":\#(place)}"#)
            + event(
                "search.performed", "s-2",
                #"{"searchId":"Q-1","userId":"U-zul","terms":["Lamp","\#(email)","03214598761"],"location":\#(place)}"#)
            + event(
                "complaint.submitted", "c-1",
                #"{"complaintId":"C-1","orderId":"O-1","userId":"U-zul","kind":"delivery_delay","description":"the clavichord came broken"}"#
            )
            + event(
                "service.requested", "r-1",
                #"{"requestId":"R-1","serviceId":"S-1","userId":"U-zul","requirements":{"note":"harpsichord tuning","by":["\#(email)"]}}"#
            )
            + event(
                "quality.reported", "q-1",
                #"{"reportId":"P-1","serviceId":"S-1","userId":"U-zul","score":10,"error":"the virginals crashed"}"#)
            + event(
                "order.cancelled", "o-1",
                #"{"orderId":"O-1","by":"buyer","reason":"Call 0321 4598761 or \#(email)"}"#)
            + event(
                "wallet.deposited", "d-1",
                #"{"depositId":"D-1","userId":"U-sana","amount":500000,"currency":"PKR","provider":"bank"}"#)
    }()

    @Test("leaves no byte of what the person wrote anywhere, and everything else as it was")
    func erased() throws {
        let ledger = try TestLedger()
        let needles = Self.texts.map(Needle.init)
        #expect(Needle("Zulfiqarnadir").found(in: Data("xxWnVsZmlxYXJuYWRpcg".utf8)).contains("base64"))
        try ledger.startService()
        let sent = try ledger.send("append", "-", input: Self.history)
        #expect(sent.status == 0, "\(sent.messages)\(sent.output)")
        let registered = try #require(
            try ledger.run("log", "--type", "user.registered", "--json").lines.first { $0.contains("U-zul") })
        let entry = try JSONDecoder().decode(LogEntry.self, from: Data(registered.utf8))
        let key = try #require(
            try String(contentsOfFile: ledger.data + "/keys/persons", encoding: .utf8).split(separator: "\n")
                .first { $0.contains(Data("U-zul".utf8).base64EncodedString()) }?.split(separator: " ").last)
        let receipt = ledger.folder.file("receipt")
        #expect(try ledger.run("receipt", String(entry.number), "-o", receipt).status == 0)
        let accounts = try ledger.run("accounts", "--json").output
        #expect(try Needle.search(needles, under: ledger.data).isEmpty, "also before, it is sealed or not kept")
        let told = ledger.folder.file("told.json")
        #expect(try ledger.run("export", "--person", "U-zul", told).status == 0)
        let before = try Data(contentsOf: URL(fileURLWithPath: told))
        for text in [
            Self.name, Self.email, "harpsichord tuning", "the clavichord came broken", "the virginals crashed",
        ] {
            #expect(Needle(text).found(in: before) == ["raw"], "\(text)")
        }
        try FileManager.default.removeItem(atPath: told)

        let asked = try ledger.send("append", "-", input: Persons.erasure("U-zul"))
        #expect(asked.output.contains("erasure.completed"), "\(asked.output)")
        let all = needles + [Needle(String(key))]
        #expect(try Needle.search(all, under: ledger.data).isEmpty)
        #expect(try ledger.stopService() == 0)
        #expect(try Needle.search(all, under: ledger.data).isEmpty)

        #expect(try ledger.run("verify", "--key", ledger.key, "--keys").status == 0)
        let recomputed = try ledger.run("recompute")
        #expect(recomputed.status == 0, "\(recomputed.output)\(recomputed.messages)")
        #expect(try ledger.docket.run("check", receipt, "--key", ledger.key).status == 0)
        #expect(try ledger.run("accounts", "--json").output == accounts)
        #expect(try ledger.run("views", "check").status == 0)
        // Whatever is written from now on has none of it either.
        let exports = ledger.folder.file("exports")
        try FileManager.default.createDirectory(atPath: exports, withIntermediateDirectories: false)
        #expect(try ledger.run("export", "--ndjson", exports + "/log.ndjson").status == 0)
        #expect(try ledger.run("export", "--person", "U-zul", exports + "/person.json").status == 0)
        try FileManager.default.copyItem(atPath: ledger.data, toPath: exports + "/backup")
        for arguments in [
            ["log"], ["log", "--json"], ["replay", "--json"], ["show", String(entry.number)],
            ["explain", String(entry.number), "--verbose"],
        ] {
            let result = try ledger.docket.run(arguments + ["--data", ledger.data])
            #expect(result.status == 0, "\(result.messages)")
            let name = arguments.joined(separator: "-")
            try (result.output + result.messages).write(
                toFile: exports + "/" + name, atomically: true, encoding: .utf8)
        }
        #expect(try Needle.search(all, under: exports).isEmpty)
        let person = try String(contentsOfFile: exports + "/person.json", encoding: .utf8)
        #expect(person.contains(#""isErased": true"#) && person.contains(#""erased": true"#))
        #expect(!(try ledger.run("replay", "--json", "--projection", "tastes").output.contains("U-zul")))
    }

    @Test("a person gets what is known of them, what others wrote stays sealed, and nobody else may read the file")
    func access() throws {
        let ledger = try TestLedger()
        let sent = try ledger.run("run", "-", input: Self.history)
        #expect(sent.status == 0, "\(sent.messages)\(sent.output)")
        let file = ledger.folder.file("sana.json")
        let exported = try ledger.run("export", "--person", "U-sana", file, "--json")
        #expect(exported.status == 0, "\(exported.messages)")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.contains(#""name": "Sana""#) && text.contains("wallet/U-sana/PKR") && text.contains(#""says": "#))
        #expect(!text.contains(Self.name))
        #expect(try JSONSerialization.jsonObject(with: Data(text.utf8)) is [String: Any])
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try ledger.run("export", "--person", "U-nobody", ledger.folder.file("none")).status == 1)
        #expect(!FileManager.default.fileExists(atPath: ledger.folder.file("none")))
        for wrong in [
            ["--person", "U-sana"], ["--ndjson", "x", "--person", "U-sana", "y"], ["--ndjson", "x", "y"], [],
        ] {
            #expect(try ledger.docket.run(["export", "--data", ledger.data] + wrong).status == 2)
        }
    }

    @Test("personal data is read through the service alone, after the log says by whom")
    func revealed() throws {
        let ledger = try TestLedger()
        let offline = try ledger.run("reveal", "20")
        #expect(offline.status == 2 && offline.messages.contains("only the service"), "\(offline.messages)")
        try ledger.startService()
        #expect(try ledger.send("append", "-", input: Self.history).status == 0)
        let entry = try #require(
            try ledger.run("log", "--type", "service.requested", "--json").lines.first.map {
                try JSONDecoder().decode(LogEntry.self, from: Data($0.utf8))
            })
        let text = try ledger.send("reveal", String(entry.number))
        #expect(
            text.status == 0
                && text.output.contains(#"requirements: {"by":["\#(Self.email)"],"note":"harpsichord tuning"}"#))
        let json = try ledger.send("reveal", String(entry.number), "--json")
        #expect(json.output.contains(#""userId":"U-zul""#) && json.output.contains(#""unreadable":[]"#))
        let readings = try ledger.run("log", "--type", "personal.revealed", "--json").lines
        #expect(readings.count == 2)
        #expect(readings.allSatisfy { $0.contains(#""by":"local","sequence":"\#(entry.sequence)""#) })
        #expect(readings.allSatisfy { $0.contains(#""authid":"local""#) && $0.contains(#""subject":"U-zul""#) })
        for none in ["0", "999999", String(entry.number + 1)] {
            let refused = try ledger.send("reveal", none)
            #expect(refused.status == 1 && refused.messages.contains("no personal data"), "\(refused.messages)")
        }
        #expect(try ledger.send("append", "-", input: Persons.erasure("U-zul")).status == 0)
        let erased = try ledger.send("reveal", String(entry.number))
        #expect(erased.status == 1 && erased.messages.contains("erased"), "\(erased.messages)")
        #expect(try ledger.run("log", "--type", "personal.revealed", "--json").lines.count == 2)
        #expect(try ledger.stopService() == 0)
        let recomputed = try ledger.run("recompute")
        #expect(recomputed.status == 0, "\(recomputed.output)\(recomputed.messages)")
        #expect(try ledger.run("verify", "--key", ledger.key, "--keys").status == 0)
    }

    @Test("an event is compared as it is recorded: sent again, reduced or not, it exists; a signed one may not change")
    func door() throws {
        let ledger = try TestLedger()
        try ledger.startService()
        func search(_ id: String, _ terms: String, more: String = "") -> String {
            Persons.event(
                "search.performed", id, #"{"searchId":"Q-1","userId":"U-ali","terms":\#(terms)}"#, more: more)
        }
        func append(_ events: String..., dry: Bool = false) throws -> [AppendLine] {
            let input = events.joined()
            let result =
                dry
                ? try ledger.send("append", "-", "--json", "--dry-run", input: input)
                : try ledger.send("append", "-", "--json", input: input)
            return try AppendLine.read(result.output)
        }
        let raw = #"["LAMP","ali@mail.example","0300 1234567"]"#
        #expect(try append(Persons.area, search("s-1", raw), dry: true).map(\.status) == ["appended", "appended"])
        #expect(try append(Persons.area, search("s-1", raw)).map(\.status) == ["appended", "appended"])
        #expect(try ledger.run("log", "--type", "search.performed", "--json").output.contains(#""terms":["lamp"]"#))
        for dry in [true, false] {
            let again = try append(
                search("s-1", raw), search("s-1", #"["lamp"]"#), search("s-1", #"["lamps"]"#), dry: dry)
            #expect(again.map(\.status) == ["exists", "exists", "refused"])
            #expect(again.last?.problem?.name == "conflict")
        }
        let signature = #","signer":"ali","signature":"AAAA""#
        let signed = try append(
            search("s-2", raw, more: signature), search("s-3", #"["lamp"]"#, more: signature),
            Persons.event(
                "user.registered", "u-9", #"{"userId":"U-9","role":"buyer","area":"lahore","name":"Ali"}"#,
                more: signature))
        #expect(signed.map(\.status) == ["refused", "appended", "refused"])
        #expect(signed.map { $0.problem?.name ?? "" } == ["invalid-event", "", "invalid-event"])
        let named = try append(
            search("ali@mail.example", "[]"), search("s-4", "[]", more: #","subject":"ali@mail.example""#),
            search("s-5", "[]", more: #","correlationid":"ali@mail.example""#), search("s-6", "[]"))
        #expect(named.map(\.status) == ["refused", "refused", "refused", "appended"])
        #expect(try !ledger.exportedLog().contains("mail.example"))
        #expect(try ledger.stopService() == 0)
        #expect(try ledger.run("recompute").status == 0)
    }
}
