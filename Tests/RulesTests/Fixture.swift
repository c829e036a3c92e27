import AgentKit
import Foundation
import Rules
import Testing

/// A row of the tests' own projection.
struct Complaint: Row {
    var id = ""
    var tier = ""
    var status = ""
    var amount: Int64 = 0
    var franchiseId: String?
    static let name = "complaint"
    static let fields: RowFields<Complaint> = [
        .init("id", \.id), .init("tier", \.tier), .init("status", \.status), .init("amount", \.amount),
        .init("franchiseId", \.franchiseId),
    ]
}

/// A second row, for what reads two projections.
struct Order: Row {
    var buyerId = ""
    var sellerId = ""
    var area = ""
    static let name = "order"
    static let fields: RowFields<Order> = [
        .init("buyerId", \.buyerId), .init("sellerId", \.sellerId), .init("area", \.area),
    ]
}

/// A third row, whose status is one of a few texts.
struct Case: Row {
    enum Status: String, RowValue, CaseIterable, Sendable {
        case open, closed
    }

    var status = Status.open
    static let name = "case"
    static let fields: RowFields<Case> = [.init("status", \.status)]
}

/// A fourth row, with money in it.
struct Bill: Row {
    var payer = ""
    var amount = Amount.zero
    var currency = ""
    static let name = "bill"
    static let fields: RowFields<Bill> = [
        .init("payer", \.payer), .init("amount", \.amount), .init("currency", \.currency),
    ]
}

/// Rule sets over tables in memory, without an engine.
struct Fixture {
    let tables = TableSet()
    let complaints: Table<Complaint>

    let orders: Table<Order>
    let cases: Table<Case>
    let bills: Table<Bill>

    init() {
        complaints = tables.table("complaints")
        orders = tables.table("orders")
        cases = tables.table("cases")
        bills = tables.table("bills")
    }

    var host: RuleHost {
        let franchiseFor = Function(
            "franchiseFor",
            [
                Function.Overload([.string, .string], result: .optional(.string)) { arguments in
                    arguments[0].stringValue == "lahore" ? .some(.string("F-" + arguments[1].stringValue!)) : .none
                }
            ])
        return RuleHost(
            projections: tables.tables, functions: [franchiseFor],
            agents: [
                .init(name: "complaint", agentClass: .complaint), .init(name: "order", agentClass: .commerce),
                .init(name: "wallet", agentClass: .commerce),
            ],
            digest: { bytes in
                var hash: UInt64 = 0xCBF2_9CE4_8422_2325
                for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
                return String(hash, radix: 16)
            })
    }

    /// The declarations of every rule file of these tests.
    static let head = """
        agent: complaint
        version: 1.0.0
        parameters:
          window: duration("6h")
          fine: {sub: 200, master: 300, corporate: 500}
          greeting: '"hello"'
        facts:
          area.registered: {area: string, parent: optional string}
        triggers:
          complaint.submitted: {complaintId: string, orderId: string, userId: string, amount: int, kind: late|broken, description: personal string, tags: "optional [string]", due: optional timestamp, place: "optional {lat: double, lon: double}"}
          complaint.resolved: {complaintId: string, outcome: refund|partial}
        decisions:
          complaint.opened: {complaintId: string, tier: sub|master, franchiseId: optional string, deadline: timestamp, amount: int, tags: "optional [string]"}
          complaint.noted: {complaintId: string, note: optional personal string, left: optional duration, extra: "optional {string: dyn}", ratio: optional double}
          complaint.refused: {complaintId: string, reason: string}
        correctable: [complaint.refused]

        """

    func load(
        _ text: String, head: String = head, more: [RuleFile] = [], depth: RuleSetDepth = .checked
    ) throws(RuleSetError) -> RuleSet {
        try RuleSet.load(files: [RuleFile(name: "complaint.yaml", text: head + text)] + more, host: host, depth: depth)
    }

    /// A rule set of one rule.
    func rule(_ body: String) throws(RuleSetError) -> RuleSet {
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
        let indented = lines.map { $0.isEmpty ? "" : "    " + $0 }.joined(separator: "\n").dropFirst(4)
        return try load("rules:\n  - \(indented)\n")
    }

    /// Everything wrong with a rule set of one rule.
    func problems(_ body: String) -> String {
        do throws(RuleSetError) {
            _ = try rule(body)
            return ""
        } catch {
            return error.description
        }
    }

    static let submitted = """
        {"complaintId":"C-1","orderId":"O-1","userId":"U-ali","amount":1999,"kind":"late","description":{"commitment":"Yw==","sealed":"cw=="}}
        """

    /// The data of `submitted` with one text in it replaced.
    static func replacing(_ old: String, by new: String) -> String {
        submitted.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }

    /// An entry as the log would hold it.
    static func event(_ type: String, _ data: String, subject: String? = nil) throws -> Event {
        let subject = subject.map { ",\"subject\":\"\($0)\"" } ?? ""
        let text = """
            {"specversion":"1.0","id":"e-1","source":"/test","type":"\(type)","sequence":"0000000000000007",\
            "recordedtime":"2024-02-16T10:00:00.000Z","authid":"local","data":\(data)\(subject)}
            """
        return try #require(Event(try Document.parse(Array(text.utf8))))
    }

    static func text(_ emission: Emission) -> String { String(decoding: emission.data, as: UTF8.self) }
}

extension RuleSet {
    func outcome(_ id: String, _ event: Event, trace: RuleTrace? = nil) throws -> RuleOutcome {
        evaluate(try #require(rule(named: "complaint/" + id)), on: event, trace: trace)
    }

    func decisions(_ id: String, _ event: Event) throws -> Decisions {
        let outcome = try outcome(id, event)
        guard case .decided(let decisions) = outcome else {
            Issue.record("decided nothing: \(outcome)")
            return Decisions()
        }
        return decisions
    }

    func isSilent(_ id: String, _ event: Event) throws -> Bool {
        guard case .silent = try outcome(id, event) else { return false }
        return true
    }

    /// What a rule failed with and what stands in for its decisions; nil, with an issue, where it did not fail.
    func failure(_ id: String, _ event: Event) throws -> (code: RuleFailure.Code, onError: [Emission]?)? {
        let outcome = try outcome(id, event)
        guard case .failed(let code, let onError) = outcome else {
            Issue.record("did not fail: \(outcome)")
            return nil
        }
        return (code, onError)
    }
}

/// The repository these tests lie in.
enum Repository {
    private static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: root.appendingPathComponent(path)))
    }

    /// The names in a folder, in order.
    static func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path).sorted()
    }
}
