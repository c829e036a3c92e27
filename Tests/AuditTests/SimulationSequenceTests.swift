import Audit
import EventLog
import JSON
import Rules
import TestSupport
import Testing

/// Rules whose decisions, keys and timers are named by the sequences of entries.
@Suite("a simulation whose sequences are others than the log's", .ownThreads)
struct SimulationSequenceTests {
    private static let tickets = """
        agent: tickets
        version: 1.0.0
        class: standing
        triggers:
          ticket.asked:
            say: a ticket is asked for
            data: {n: int}
          ticket.shown:
            say: a ticket is shown
            data: {ticketId: string}
        decisions:
          ticket.given:
            say: a ticket is given
            data: {ticketId: string, n: int}
          ticket.taken:
            say: the ticket is taken
            data: {ticketId: string, n: int}
          ticket.over:
            say: the ticket is over
            data: {ticketId: string}
        tables:
          tickets:
            key: ticketId
            row: {n: int}
        fold:
          ticket.given: {put: tickets, row: [n]}
        rules:
          - id: give
            on: ticket.asked
            emit:
              - ticket.given: {ticketId: '"T:" + event.sequence', n: data.n}
            timers:
              - {name: over, key: event.sequence, at: 'event.recordedtime + duration("1h")'}
          - id: take
            on: ticket.shown
            when: data.ticketId in tickets
            emit:
              - ticket.taken: {ticketId: data.ticketId, n: 'tickets[data.ticketId].n'}
          - id: over
            on: timer.fired
            when: data.agent == "tickets"
            emit:
              - ticket.over: {ticketId: data.key}
        """

    private static func rules(_ changes: (String, String)...) -> [RuleFile] {
        var text = tickets
        for (part, other) in changes {
            #expect(text.contains(part))
            text = text.replacing(part, with: other)
        }
        return [RuleFile(name: "tickets.yaml", text: text)]
    }

    private func padded(_ sequence: UInt64) -> String {
        let digits = String(sequence)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Three tickets given, two of them shown by the ids that they got, and the timers of all.
    private func ledger() throws -> ScratchLedger {
        let ledger = try ScratchLedger(Self.rules())
        for n in 1...3 { try ledger.send("ticket.asked", #"{"n":\#(n)}"#, at: "2024-02-15T09:0\(n):00Z") }
        let given = try ledger.sequences(of: "ticket.asked")
        for (index, sequence) in given.prefix(2).enumerated() {
            try ledger.send(
                "ticket.shown", #"{"ticketId":"T:\#(padded(sequence))"}"#, at: "2024-02-15T09:1\(index):00Z")
        }
        try ledger.send("ticket.asked", #"{"n":9}"#, at: "2024-02-15T12:00:00Z")
        #expect(try ledger.sequences(of: "ticket.taken").count == 2)
        #expect(try ledger.sequences(of: "ticket.over").count == 3)
        return ledger
    }

    @Test("an event more gives its own decisions and firings, and all others are found again")
    func with() throws {
        let ledger = try ledger()
        let second = try ledger.sequences(of: "ticket.asked")[1]
        let event = try Document.parse(
            #"{"specversion":"1.0","id":"more","source":"/t","type":"ticket.asked","data":{"n":7}}"#)
        let report = try SimulationTests.simulate(ledger.log) {
            $0.with = [.init(before: second, file: "more", events: [(1, event)])]
        }
        #expect(report.lost == 0 && report.changed == 0, "\(report.text)")
        #expect(report.types["ticket.given"]?.gained == 1 && report.types["ticket.taken"] == nil, "\(report.text)")
        #expect(report.types["ticket.over"]?.gained == 1, "\(report.text)")
        #expect([report.firings.lost, report.firings.gained, report.firings.moved] == [0, 1, 0], "\(report.text)")
    }

    @Test("without an event its own decisions and firings are lost, and a ticket shown is still the one it was")
    func without() throws {
        let ledger = try ledger()
        let third = try ledger.sequences(of: "ticket.asked")[2]
        let report = try SimulationTests.simulate(ledger.log) { $0.without = [third] }
        #expect(report.gained == 0 && report.changed == 0, "\(report.text)")
        #expect(report.types["ticket.given"]?.lost == 1 && report.types["ticket.over"]?.lost == 1, "\(report.text)")
        #expect([report.firings.lost, report.firings.gained, report.firings.moved] == [1, 0, 0], "\(report.text)")
        let first = try ledger.sequences(of: "ticket.asked")[0]
        let other = try SimulationTests.simulate(ledger.log) { $0.without = [first] }
        // The second ticket is shown by the number that it has without the first.
        #expect(other.types["ticket.taken"] == .init(lost: 1, gained: 0, changed: 0), "\(other.text)")
    }

    @Test("a shadow that decides one call later finds the decision again, though both grew in between")
    func shadow() throws {
        let ledger = try ScratchLedger(Self.rules())
        try ledger.send("ticket.asked", #"{"n":1}"#, at: "2024-02-15T09:01:00Z")
        let later = Self.rules(
            ("ticketId: data.ticketId, n: 'tickets[data.ticketId].n'", "ticketId: event.sequence, n: '5'"),
            ("on: ticket.shown\n    when: data.ticketId in tickets", "on: ticket.asked"))
        let recorded = Self.rules(
            ("ticketId: data.ticketId, n: 'tickets[data.ticketId].n'", "ticketId: event.sequence, n: '5'"),
            ("when: data.ticketId in tickets", ""))
        try ledger.activate(recorded, at: "2024-02-15T09:01:30Z")
        let run = try ShadowRun(ledger.log, rules: later, isAbandoned: { false })
        try ledger.send("ticket.shown", #"{"ticketId":"x"}"#, at: "2024-02-15T09:02:00Z")
        #expect(try run.advance())
        #expect(run.findings.lost == 1 && run.findings.gained == 0)
        try ledger.send("ticket.asked", #"{"n":2}"#, at: "2024-02-15T09:03:00Z")
        #expect(try run.advance())
        #expect(run.findings.lost == 0 && run.findings.gained == 0, "\(run.findings)")
    }

    @Test("a recorded trigger that is not admitted leaves its id to an event that comes later")
    func refusedID() throws {
        let ledger = try ScratchLedger(Self.rules())
        for n in 1...3 { try ledger.send("ticket.asked", #"{"n":\#(n)}"#, at: "2024-02-15T09:0\(n):00Z") }
        let third = try ledger.sequences(of: "ticket.asked")[2]
        let event = try Document.parse(
            #"{"specversion":"1.0","id":"e-1","source":"/tests","type":"ticket.asked","data":{"n":"one"}}"#)
        let other = Self.rules(
            ("data: {n: int}", "data: {n: string}"), ("ticketId: string, n: int", "ticketId: string, n: string"),
            ("row: {n: int}", "row: {n: string}"))
        let report = try SimulationTests.simulate(ledger.log, rules: other) {
            $0.with = [.init(before: third, file: "more", events: [(1, event)])]
        }
        #expect(report.notAdmittedCount == 3 && report.types["ticket.given"]?.gained == 1, "\(report.text)")
    }

    @Test("an entry of the log that cannot be read ends it with an error, not with a decision less")
    func unreadable() throws {
        let ledger = try ledger()
        var forged = try ForgedLog(ledger.log)
        let place = try #require(forged.places(#""type":"ticket.taken""#).first)
        forged.replace(#""specversion":"1.0""#, with: #""specversion":"1.0"#, at: place)
        let log = try forged.signed()
        do {
            let report = try SimulationTests.simulate(log, rules: Self.rules())
            Issue.record("it was told as \(report.text)")
        } catch let error as ReplayError {
            #expect(error.sequence == UInt64(place), "\(error)")
        }
    }
}
