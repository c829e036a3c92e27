import AgentKit
import CEL
import Engine
import EventLog
import Foundation
import JSON

/// A ledger in memory under the shipped rules that plays one history after the other, each taken back before the next.
final class Storm {
    private let bench: Bench
    private var time = Bench.start
    private var serial = 0

    init() throws {
        let folder = KnownHistoryTests.package + "/rules/"
        var rules: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".yaml") {
            rules[name] = try String(contentsOfFile: folder + name, encoding: .utf8)
        }
        // Corrections of much money need a second administrator.
        rules["policy.yaml"] = rules["policy.yaml"]?.replacing(
            "  local: [admin]", with: "  local: [admin]\n  second: [admin]")
        bench = try Bench(rules, sealing: KnownHistoryTests.PlainSealing())
    }

    /// Plays a history and takes it back.
    func history<R>(_ body: (Storm) throws -> R) throws -> R {
        let outcome: Result<R, any Error> = bench.machine.rehearse {
            time = Bench.start
            serial = 0
            return Result {
                for event in StormWorld.registrations { try send(event) }
                return try body(self)
            }
        }
        return try outcome.get()
    }

    /// Sends an event under an envelope of its own.
    /// - Returns: what the clock did before it, and what followed it.
    @discardableResult
    func send(_ event: StormEvent, after seconds: Int = 0) throws -> (before: [Bench.Line], after: [Bench.Line]) {
        let start = bench.machine.chain.count
        pass(seconds: seconds)
        let sent = bench.machine.chain.count
        serial += 1
        let text = """
            {"specversion":"1.0","id":"e-\(serial)","source":"/storm","type":"\(event.type)","time":"\(time.text)","data":\(event.data)}
            """
        do throws(Problem) {
            let root = try! Document.parse(Array(text.utf8)).root
            let prepared = try bench.intake.prepare(root, authority: event.authority)
            try bench.machine.check(prepared)
            _ = bench.machine.append(prepared, at: time)
        } catch {
            // What is personal of an erased person is not even taken.
            guard error.kind == .erased else { throw error }
            return (bench.lines(from: start), [])
        }
        let lines = bench.lines(from: start)
        return (Array(lines[..<(sent - start)]), Array(lines[(sent - start + 1)...]))
    }

    /// Lets time pass and everything happen that is due in it.
    func pass(seconds: Int) {
        time = time.adding(seconds: Int64(seconds))
        while bench.machine.fireNext(by: time) != nil {}
    }

    var lines: [Bench.Line] { bench.lines() }

    /// The hash of the last entry, which all before it are in.
    var digest: String {
        let last = bench.lines(from: bench.machine.chain.count - 1)[0].document.root
        return last.withCanonicalBytes { String(decoding: $0, as: UTF8.self) }
    }

    struct Account {
        let path: String
        let debits: Int64
        let credits: Int64
        let debitsPending: Int64
        let creditsPending: Int64
        let limit: (debits: Bool, credits: Bool)

        var balance: Int64 { credits - debits }
        var available: Int64 { credits - debits - debitsPending }
        var currency: String { String(path.split(separator: "/").last ?? "") }
    }

    var accounts: [Account] {
        bench.keys(of: "accounts").map { path in
            func number(_ name: String) -> Int64 { bench.number(name, of: path, in: "accounts") ?? 0 }
            func flag(_ name: String) -> Bool { bench.column(name, of: path, in: "accounts")?.boolValue ?? false }
            return Account(
                path: path, debits: number("debitsPosted"), credits: number("creditsPosted"),
                debitsPending: number("debitsPending"), creditsPending: number("creditsPending"),
                limit: (flag("debitsMustNotExceedCredits"), flag("creditsMustNotExceedDebits")))
        }
    }

    func balance(of path: String) -> Int64 { bench.balance(of: path) }
}
