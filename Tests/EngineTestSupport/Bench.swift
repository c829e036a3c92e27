package import AgentKit
package import Engine
import EventLog
import Foundation
import JSON
import Rules

/// A ledger in memory, played by tests under any rule set or under the shipped one.
package final class Bench {
    package let machine: Machine
    package let ingress: Ingress
    private var sent = 0

    /// - Parameter rules: rule files by name; `calendar.yaml` and the like are left to their defaults.
    package init(
        _ rules: [String: String], clock: LedgerSettings.Clock = .events, sealing: (any Sealing)? = nil
    ) throws {
        let settings = LedgerSettings(origin: "docket.example/tests", verifierKey: "key", clock: clock)
        machine = Machine(settings: settings, history: Memory(), chain: .genesis(origin: settings.origin))
        let files = rules.map { RuleFile(name: $0.key, text: $0.value) }
        let ruleSet = try RuleSet.load(files: files, host: machine.ruleHost)
        machine.begin(with: ruleSet, at: Bench.start)
        machine.commitUndoLog()
        ingress = Ingress(ruleSet: ruleSet, origin: settings.origin, sealing: sealing)
    }

    /// A ledger in memory under the shipped rules.
    package static func shipped(sealing: (any Sealing)? = nil) throws -> Bench {
        try Bench(shippedRules(), sealing: sealing)
    }

    package static let start = Instant(rfc3339: "2024-02-15T09:00:00Z")!

    /// One entry, as far as tests look at it.
    package struct Line: Equatable, CustomStringConvertible {
        package let type: String
        package let agent: String?
        package let data: String
        package let document: Document
        package static func == (a: Line, b: Line) -> Bool { a.type == b.type && a.data == b.data }
        package var description: String { "\(type) \(data)" }
    }

    package func event(
        _ type: String, _ data: String, at time: String? = nil, id: String? = nil, more: String = "",
        by authority: String = "local"
    ) throws -> PreparedEvent {
        sent += 1
        let time = time.map { ",\"time\":\"\($0)\"" } ?? ""
        let text = """
            {"specversion":"1.0","id":"\(id ?? "e-\(sent)")","source":"/tests","type":"\(type)"\(time)\(more),"data":\(data)}
            """
        return try ingress.prepare(Document.parse(Array(text.utf8)).root, authority: authority)
    }

    /// Sends an event and returns every entry that followed, clock triggers included.
    @discardableResult
    package func send(_ type: String, _ data: String, at time: String? = nil, more: String = "") throws -> [Line] {
        try send(event(type, data, at: time, more: more))
    }

    @discardableResult
    package func send(_ event: PreparedEvent) throws -> [Line] {
        let before = machine.chain.count
        let time = try machine.time(of: event, now: Bench.start, mayMoveClock: true)
        try machine.check(event)
        while machine.fireNext(by: time) != nil {}
        _ = machine.append(event, at: time)
        machine.commitUndoLog()
        return lines(from: before)
    }

    package func lines(from first: Int = 0) -> [Line] {
        (first..<machine.chain.count).map { index in
            machine.chain.withEntry(index) { bytes in
                let document = try! Document(canonical: bytes)
                let data = document.root["data"]?.withCanonicalBytes { String(decoding: $0, as: UTF8.self) } ?? ""
                return Line(
                    type: document.root["type"]?.string ?? "", agent: document.root["agent"]?.string, data: data,
                    document: document)
            }
        }
    }

    private final class Memory: History {
        func entry(_ sequence: EntrySequence) -> Document? { nil }
    }
}

extension [Bench.Line] {
    package var types: [String] { map(\.type) }
}

extension Bench {
    /// Credits less debits of an account.
    package func balance(of account: String) -> Int64 {
        guard case .host(let row, let node)? = machine.tables.named("accounts")?.value(account) else { return 0 }
        func column(_ name: String) -> Int64 { row.member(node, FieldName(name))?.intValue ?? 0 }
        return column("creditsPosted") - column("debitsPosted")
    }

    /// The keys of a projection, in their order.
    package func keys(of projection: String) -> [String] {
        var keys: [String] = []
        machine.tables.named(projection)?.forEachKey { key in
            keys.append(key)
            return true
        }
        return keys
    }

    /// A column of a row; nil where it is absent.
    package func column(_ name: String, of key: String, in projection: String) -> Value? {
        guard case .host(let row, let node)? = machine.tables.named(projection)?.value(key) else { return nil }
        return row.member(node, FieldName(name))
    }

    package func text(_ name: String, of key: String, in projection: String) -> String? {
        column(name, of: key, in: projection)?.stringValue
    }

    package func number(_ name: String, of key: String, in projection: String) -> Int64? {
        let value = column(name, of: key, in: projection)
        return value?.intValue ?? value?.moneyValue?.minorUnits
    }
}
