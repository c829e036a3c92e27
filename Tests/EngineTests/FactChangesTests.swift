import AgentKit
import Engine
import EngineTestSupport
import EventLog
import JSON
import Rules
import Testing

@Suite("a fact of which later events may change something")
struct FactChangesTests {
    /// Rules about a person, identified by `userId`, of whom everything may change and every registration is accepted.
    static let rules = """
        agent: order
        version: 1.0.0
        triggers:
          person.came:
            once: {key: personId, changes: [area, tags], unless: refused}
            data: {personId: string, userId: string, role: string, area: optional string, tags: "optional [string]", name: optional personal string}
          person.spoke:
            once: {key: personId, unless: refused}
            data: {personId: string, word: string}
        decisions:
          person.recorded: {personId: string}
          person.refused: {outcome: refused, data: {personId: string}}
        rules:
          - id: record
            on: person.came
            when: data.?area.orValue("") != "nowhere"
            emit:
              - person.recorded: [personId]
            otherwise:
              - person.refused: [personId]
          - id: listen
            on: person.spoke
            when: data.word != "no"
            emit:
              - person.recorded: [personId]
            otherwise:
              - person.refused: [personId]
        """

    private static func person(_ area: String?, tags: String? = nil, role: String = "buyer", name: String = "n")
        -> String
    {
        let area = area.map { #""area":"\#($0)","# } ?? ""
        let tags = tags.map { #""tags":\#($0),"# } ?? ""
        return "{\(area)\"name\":\"\(name)\",\"personId\":\"P\",\"role\":\"\(role)\",\(tags)\"userId\":\"u\"}"
    }

    private func bench(_ rules: String = Self.rules) throws -> Bench {
        try Bench(["order.yaml": rules], sealing: OpenSealing())
    }

    private let accepted = ["person.came", "person.recorded"]
    private let refused = ["person.came", "person.refused"]
    private let repeated = ["person.came", "trigger.repeated"]
    private let contradicted = ["person.came", "trigger.contradicted", "alert.raised"]

    @Test("runs the rules where only these differ from what is known, a member left out being unchanged")
    func changed() throws {
        let bench = try bench()
        func came(_ area: String?, tags: String? = nil) throws -> [String] {
            try bench.send("person.came", Self.person(area, tags: tags)).types
        }
        #expect(try came("town") == accepted)
        #expect(try came("town") == repeated)
        #expect(try came("hill") == accepted)
        #expect(try came("hill") == repeated)
        #expect(try came(nil) == repeated)
        #expect(try came(nil, tags: #"["a"]"#) == accepted)
        #expect(try came("hill", tags: #"["a"]"#) == repeated, "what two entries told is known of the fact")
        #expect(try came("town", tags: #"["a"]"#) == accepted, "and may change back")
        #expect(try came("town") == repeated)
    }

    @Test("is contradicted as a whole where anything else differs too")
    func contradictedWhole() throws {
        let bench = try bench()
        #expect(try bench.send("person.came", Self.person("town")).types == accepted)
        #expect(try bench.send("person.came", Self.person("hill", role: "seller")).types == contradicted)
        #expect(try bench.send("person.came", Self.person("town")).types == repeated, "nothing of it was taken")
    }

    @Test("is the same where only personal members differ")
    func personal() throws {
        let bench = try bench()
        #expect(try bench.send("person.came", Self.person("town", name: "one")).types == accepted)
        #expect(try bench.send("person.came", Self.person("town", name: "two")).types == repeated)
    }

    @Test("says nothing by a member that is ignored, neither alone nor beside a change")
    func ignored() throws {
        let once = "{key: personId, changes: [area], ignores: [tags], unless: refused}"
        let bench = try bench(
            Self.rules.replacing("{key: personId, changes: [area, tags], unless: refused}", with: once))
        func came(_ area: String?, tags: String? = nil) throws -> [String] {
            try bench.send("person.came", Self.person(area, tags: tags)).types
        }
        #expect(try came("town", tags: #"["a"]"#) == accepted)
        for tags in [#"["b"]"#, nil] { #expect(try came("town", tags: tags) == repeated) }
        #expect(try came("hill", tags: #"["b"]"#) == accepted)
        #expect(try bench.send("person.came", Self.person("hill", role: "seller")).types == contradicted)
    }

    @Test("keeps no change that its rules refuse")
    func refusedChange() throws {
        let bench = try bench()
        #expect(try bench.send("person.came", Self.person("town")).types == accepted)
        for _ in 0..<2 { #expect(try bench.send("person.came", Self.person("nowhere")).types == refused) }
        #expect(try bench.send("person.came", Self.person("town")).types == repeated)
        #expect(try bench.send("person.came", Self.person("hill")).types == accepted)
    }

    @Test("that is refused leaves its key free, so that the next one is asked")
    func refusedFirst() throws {
        let bench = try bench()
        #expect(try bench.send("person.came", Self.person("nowhere", role: "seller")).types == refused)
        #expect(try bench.send("person.came", Self.person("town")).types == accepted)
        func spoke(_ word: String) throws -> [String] {
            try bench.send("person.spoke", #"{"personId":"P","word":"\#(word)"}"#).types
        }
        for _ in 0..<2 { #expect(try spoke("no") == ["person.spoke", "person.refused"]) }
        #expect(try spoke("yes") == ["person.spoke", "person.recorded"])
        #expect(try spoke("yes") == ["person.spoke", "trigger.repeated"])
        #expect(try spoke("no") == ["person.spoke", "trigger.contradicted", "alert.raised"])
    }

    @Test("is known alike to whoever replays the log")
    func replayed() throws {
        let bench = try bench()
        let persons = [
            Self.person("nowhere"), Self.person("town"), Self.person("nowhere"), Self.person("hill"),
            Self.person("hill", role: "seller"), Self.person(nil, tags: "[]"), Self.person("nowhere", tags: "[]"),
        ]
        for person in persons { try bench.send("person.came", person) }
        try bench.send("person.spoke", #"{"personId":"P","word":"no"}"#)
        let history = RecordedEntries(bench.lines().map(\.document))
        let machine = Machine(
            settings: bench.machine.settings, history: history,
            chain: .genesis(origin: bench.machine.settings.origin))
        machine.resume(behind: bench.machine.takeChain().successor())
        for entry in history.entries { try machine.replay(entry) }
        for table in bench.machine.tables.tables {
            let other = try #require(machine.tables.named(table.name))
            table.forEachKey { key in
                #expect(other.encoded(key) == table.encoded(key), "\(table.name) \(key)")
                return true
            }
            other.forEachKey { key in
                #expect(table.encoded(key) != nil, "\(table.name) \(key) is not live")
                return true
            }
        }
    }

    @Test("is indexed anew where a rule set lets other members change or frees what was refused")
    func activated() throws {
        let before = Self.rules.replacing("{key: personId, changes: [area, tags], unless: refused}", with: "personId")
        let bench = try bench(before)
        #expect(try bench.send("person.came", Self.person("nowhere")).types == refused)
        #expect(try bench.send("person.came", Self.person("town")).types == contradicted)
        let next = try RuleSet.load(
            files: [RuleFile(name: "order.yaml", text: Self.rules)], host: bench.machine.ruleHost)
        bench.machine.activate(next, at: Bench.start, by: "local", effectiveFrom: nil)
        #expect(try bench.send("person.came", Self.person("town")).types == accepted)
        #expect(try bench.send("person.came", Self.person("hill")).types == accepted)
    }

    @Test("is taken back from what was only answered, where a rule set frees what was refused")
    func answeredOnly() throws {
        let before = Self.rules.replacing("{key: personId, changes: [area, tags], unless: refused}", with: "personId")
        let bench = try bench(before)
        #expect(try bench.send("person.came", Self.person("nowhere")).types == refused)
        #expect(try bench.send("person.came", Self.person("nowhere")).types == repeated)
        try activate(Self.rules, in: bench)
        #expect(try bench.send("person.came", Self.person("nowhere")).types == refused)
        #expect(try bench.send("person.came", Self.person("town")).types == accepted)
    }

    @Test("whose change is refused is as before, also where the key stays taken")
    func refusedChangeKept() throws {
        let bench = try bench(Self.rules.replacing("tags], unless: refused}", with: "tags]}"))
        #expect(try bench.send("person.came", Self.person("town")).types == accepted)
        for _ in 0..<2 { #expect(try bench.send("person.came", Self.person("nowhere")).types == refused) }
        #expect(try bench.send("person.came", Self.person("town")).types == repeated)
    }

    @Test("that changed since is not freed by a retry that refuses what came first")
    func refusedRetry() throws {
        let endless =
            Self.rules
                + """

                  - id: echo
                    on: person.recorded
                    emit:
                      - person.recorded: [personId]
                """.replacing("\n            ", with: "\n  ")
        let bench = try bench(endless)
        let first = try bench.send("person.came", Self.person("nowhere-yet"))
        #expect(first.types == ["person.came", "deadletter.added"])
        let strict = Self.rules.replacing("!= \"nowhere\"", with: "!= \"nowhere-yet\"")
        try activate(strict, in: bench)
        #expect(try bench.send("person.came", Self.person("town")).types == accepted)
        let sequence = first[0].document.root["sequence"]?.string ?? ""
        let retried = try bench.send("deadletter.retried", #"{"sequence":"\#(sequence)"}"#)
        #expect(retried.types == ["deadletter.retried", "person.refused"])
        #expect(try bench.send("person.came", Self.person("town")).types == repeated)
    }

    private func activate(_ rules: String, in bench: Bench) throws {
        let next = try RuleSet.load(files: [RuleFile(name: "order.yaml", text: rules)], host: bench.machine.ruleHost)
        bench.machine.activate(next, at: Bench.start, by: "local", effectiveFrom: nil)
    }

    @Test(
        "names members of its type alone, none of them twice, personal, or of the key",
        arguments: [
            ("{key: personId, changes: personId}", "`personId` is of the key, and a key does not change"),
            ("{key: personId, changes: [name]}", "`name` is personal: it cannot tell one fact from another"),
            (
                "{key: personId, changes: [aera]}",
                "`changes` names members of `person.came`, not `aera`, did you mean `area`?"
            ),
            ("{key: personId, unless: accepted}", "`unless` is `refused` or left out, not `accepted`"),
            ("{changes: [area]}", "`once` needs `key`"),
            ("{key: personId, change: [area]}", "unknown key `change` in `once`, did you mean `changes`?"),
            ("{key: personId, changes: []}", "`changes` names at least one member"),
            ("{key: personId, ignores: []}", "`ignores` names at least one member"),
            (
                "{key: personId, ignores: [personId]}",
                "`personId` is of the key or of `changes`, which are compared"
            ),
            (
                "{key: personId, changes: [area], ignores: [role, area]}",
                "`area` is of the key or of `changes`, which are compared"
            ),
        ])
    func wrong(_ once: String, _ message: String) throws {
        let rules = Self.rules.replacing("{key: personId, changes: [area, tags], unless: refused}", with: once)
        let host = try bench().machine.ruleHost
        let error = #expect(throws: RuleSetError.self) {
            try RuleSet.load(files: [RuleFile(name: "order.yaml", text: rules)], host: host)
        }
        #expect(error?.description.contains(message) ?? false, "\(error?.description ?? "")")
    }

    @Test("an amount of a fact is one value with its currency, in the key and among what may change")
    func amounts() throws {
        let rules = """
            agent: order
            version: 1.0.0
            triggers:
              bill.came: {once: amount, data: {amount: money, note: optional string}}
              offer.came:
                once: {key: userId, changes: [fee]}
                data: {userId: id, level: int, fee: optional money}
            decisions:
              offer.recorded: {userId: id}
            rules:
              - id: record
                on: offer.came
                emit:
                  - offer.recorded: [userId]
            """
        let bench = try self.bench(rules)
        #expect(try bench.send("bill.came", #"{"amount":5,"currency":"PKR"}"#).types == ["bill.came"])
        #expect(try bench.send("bill.came", #"{"amount":5,"currency":"USD"}"#).types == ["bill.came"])
        let repeated = try bench.send("bill.came", #"{"amount":5,"currency":"USD"}"#)
        #expect(repeated.types == ["bill.came", "trigger.repeated"])
        #expect(repeated.last?.data.contains(#""key":["5","USD"]"#) == true)
        let recorded = ["offer.came", "offer.recorded"]
        #expect(try bench.send("offer.came", #"{"userId":"A","level":1}"#).types == recorded)
        #expect(try bench.send("offer.came", #"{"userId":"A","level":1,"fee":100,"currency":"PKR"}"#).types == recorded)
        #expect(try bench.send("offer.came", #"{"userId":"A","level":1,"fee":100,"currency":"USD"}"#).types == recorded)
        #expect(
            try bench.send("offer.came", #"{"userId":"A","level":1,"fee":100,"currency":"USD"}"#).types
                == ["offer.came", "trigger.repeated"])
    }
}

/// The entries of a replayed log.
final class RecordedEntries: History {
    let entries: [Document]
    init(_ entries: [Document]) { self.entries = entries }
    func entry(_ sequence: EntrySequence) -> Document? {
        sequence.value < entries.count ? entries[Int(sequence.value)] : nil
    }
}
