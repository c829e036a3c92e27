import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

/// A witness as a process of its own, on a socket.
private final class WitnessProcess {
    private let folder: TemporaryDirectory
    private let logs: [String]
    private var process: ChildProcess?
    let key: String

    var data: String { folder.file("witness") }
    var socket: String { folder.file("w") }
    var address: String { "unix:" + socket }

    init(_ logs: [String], name: String = "example.com/witness") throws {
        folder = try TemporaryDirectory("docket-witness")
        self.logs = logs
        let made = try Docket.binary.run("witness", "key", "--data", folder.file("witness"), "--name", name)
        try #require(made.status == 0, "\(made.messages)")
        key = made.output.trimmingCharacters(in: .newlines)
        try start()
    }

    deinit { process?.kill() }

    func start() throws {
        let ready = folder.file("ready")
        let started = try Docket.binary.start(
            ["witness", "serve", "--data", data, "--socket", socket] + logs.flatMap { ["--log", $0] },
            output: ready, messages: folder.file("messages"))
        process = started
        while try Data(contentsOf: URL(fileURLWithPath: ready)).isEmpty {
            let said = try String(contentsOfFile: folder.file("messages"), encoding: .utf8)
            try #require(started.isRunning, "the witness did not start: \(said)")
            usleep(2000)
        }
    }

    /// Ends it with SIGKILL, and starts it again.
    func crash() throws {
        process?.kill()
        process?.wait()
        try start()
    }

    /// The name of the folder of the one log that it has cosigned.
    func logFolder() throws -> String {
        try #require(try FileManager.default.contentsOfDirectory(atPath: data).first { $0.count == 64 })
    }

    func stop() throws -> Int32 {
        let running = try #require(process)
        running.terminate()
        process = nil
        return running.wait()
    }

    /// Asks for a cosignature.
    func ask(_ request: String) throws -> (status: Int, head: String, body: String) {
        try Self.ask(request, at: socket)
    }

    static func ask(_ request: String, at socket: String) throws -> (status: Int, head: String, body: String) {
        let answer = try HTTPExchange(socket).send(
            "POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: \(request.utf8.count)\r\nConnection: close\r\n\r\n"
                + request)
        let parts = answer.components(separatedBy: "\r\n\r\n")
        let status = try #require(Int(answer.dropFirst(9).prefix(3)))
        return (status, parts[0].lowercased(), parts.dropFirst().joined(separator: "\r\n\r\n"))
    }
}

/// The published session of requests to one witness.
private struct Session: Decodable {
    struct Step: Decodable {
        let name, requestBody, expectBodyContains: String
        let expectStatus: Int
    }
    let logOrigin, logVkey: String
    let steps: [Step]

    static func read() throws -> Session? {
        guard let file = Vectors.file("tlog-witness/add_checkpoint_session.json") else { return nil }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Session.self, from: Data(file))
    }

    func request(_ name: String) -> String { steps.first { $0.name == name }?.requestBody ?? "" }
}

@Suite("A witness as a process", .ownThreads)
struct WitnessTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func write(_ text: String, _ name: String) throws -> String {
        try text.write(toFile: folder.file(name), atomically: true, encoding: .utf8)
        return folder.file(name)
    }

    @Test("answers a published session with its statuses, also where it is killed after each answer")
    func session() throws {
        guard let session = try Session.read() else { return }
        for crashes in [false, true] {
            let witness = try WitnessProcess([session.logVkey])
            for step in session.steps {
                let answer = try witness.ask(step.requestBody)
                // Its signature is also not strict base64, which is refused before it is verified.
                let isLax = step.name == "invalid signature"
                #expect(answer.status == (isLax ? 400 : step.expectStatus), "\(step.name): \(answer.body)")
                #expect(isLax || answer.body.contains(step.expectBodyContains), "\(step.name): \(answer.body)")
                if answer.status == 409 { #expect(answer.head.contains("content-type: text/x.tlog.size")) }
                if crashes { try witness.crash() }
            }
            #expect(try witness.stop() == 0)
        }
    }

    @Test("cosigns one of many requests that come at the same instant and start from the same size")
    func race() throws {
        guard let session = try Session.read() else { return }
        let witness = try WitnessProcess([session.logVkey])
        #expect(try witness.ask(session.request("first cosignature at size 1")).status == 200)
        let requests = [session.request("grow to size 3"), session.request("old size doesn't match current")]
        let answers = Mutex<[(size: Int, status: Int)]>([])
        let socket = witness.socket
        DispatchQueue.concurrentPerform(iterations: 24) { i in
            let status = (try? WitnessProcess.ask(requests[i % 2], at: socket).status) ?? 0
            answers.withLock { $0.append((i % 2 == 0 ? 3 : 5, status)) }
        }
        let all = answers.withLock { $0 }
        #expect(all.allSatisfy { [200, 409].contains($0.status) }, "\(all)")
        let cosigned = all.filter { $0.status == 200 }
        #expect(cosigned.count == 1, "\(all)")
        let hash = try witness.logFolder()
        let kept = try HTTPExchange(witness.socket).body("/\(hash)/checkpoint")
        #expect(kept.hasPrefix("\(session.logOrigin)\n\(cosigned[0].size)\n"))
        #expect(kept.contains("— example.com/witness "))
    }

    @Test("refuses other methods, paths and oversized bodies, a second process and a key that is the log's")
    func refusals() throws {
        let ledger = try TestLedger()
        let witness = try WitnessProcess([ledger.key])
        func status(_ request: String) throws -> String {
            let head = " HTTP/1.1\r\nHost: w\r\nConnection: close\r\n\r\n"
            return String(try HTTPExchange(witness.socket).send(request + head).prefix(12))
        }
        #expect(try status("GET /add-checkpoint") == "HTTP/1.1 405")
        #expect(try status("GET /") == "HTTP/1.1 404")
        #expect(try status("GET /\(String(repeating: "a", count: 64))/checkpoint") == "HTTP/1.1 404")
        #expect(try status("GET /..%2F..%2Fetc/checkpoint") == "HTTP/1.1 404")
        #expect(try witness.ask(String(repeating: "x", count: 2 << 20)).status == 400)
        let second = try Docket.binary.run(
            "witness", "serve", "--data", witness.data, "--socket", folder.file("s"), "--log", ledger.key)
        #expect(second.status == 2 && second.messages.contains("process "))
        let own = try Docket.binary.run(
            "witness", "serve", "--data", folder.file("own"), "--key-file", ledger.data + "/key", "--socket",
            folder.file("s"), "--log", ledger.key)
        #expect(own.status == 2 && own.messages.contains("the log's own key"), "\(own.messages)")
        let open = try Docket.binary.run(
            "witness", "serve", "--data", folder.file("own"), "--listen", "0.0.0.0:0", "--log", ledger.key)
        #expect(open.status == 2)
    }

    @Test("is never taken for new because its state is damaged: it answers 500 and cosigns nothing")
    func damagedState() throws {
        guard let session = try Session.read() else { return }
        let witness = try WitnessProcess([session.logVkey])
        #expect(try witness.ask(session.request("first cosignature at size 1")).status == 200)
        let hash = try witness.logFolder()
        let file = witness.data + "/\(hash)/checkpoint"
        let whole = try Data(contentsOf: URL(fileURLWithPath: file))
        for damaged in [Data(), whole.dropLast(), Data(repeating: 0x41, count: 2_000_000)] {
            try damaged.write(to: URL(fileURLWithPath: file))
            #expect(try witness.ask(session.request("first cosignature at size 1")).status == 500)
        }
        try whole.write(to: URL(fileURLWithPath: file))
        #expect(try witness.ask(session.request("grow to size 3")).status == 200)
    }

    // MARK: A ledger and its witnesses

    /// A ledger of some of the history's events.
    private func append(_ range: Range<Int>, to ledger: TestLedger) throws {
        let lines = try String(contentsOfFile: KnownHistory.fixture, encoding: .utf8).split(separator: "\n")
        for line in lines[range] { try #require(try ledger.run("run", "-", input: line + "\n").status == 0) }
    }

    @Test("cosigns a ledger's checkpoints, which are given out so, and policies ask for them")
    func cosigned() throws {
        let ledger = try TestLedger()
        let one = try WitnessProcess([ledger.key], name: "w1.example")
        let two = try WitnessProcess([ledger.key], name: "w2.example")
        let policy = try write(
            """
            log \(ledger.key)
            witness w1 \(one.key) \(one.address)
            witness w2 \(two.key) \(two.address)
            witness w3 \(try WitnessProcess([ledger.key], name: "w3.example").key)
            group all-of-them 2 w1 w2 w3
            quorum all-of-them

            """, "policy")
        try append(0..<3, to: ledger)
        let verify = ["verify", "--key", ledger.key, "--policy", policy, "--data", ledger.data]
        #expect(try Docket.binary.run(verify).status == 3)
        let cosigned = try ledger.run("checkpoint", "--policy", policy)
        #expect(cosigned.status == 0, "\(cosigned.messages)")
        #expect(cosigned.output.components(separatedBy: "\n— ").count == 4)
        #expect(try ledger.run("checkpoint").output == cosigned.output)
        let ok = try Docket.binary.run(verify + ["--json"])
        let names = #""witnesses":{"by":["w1.example","w2.example"],"size":"#
        #expect(ok.status == 0 && ok.output.contains(names), "\(ok.output)")
        let receipt = folder.file("receipt")
        #expect(try ledger.run("receipt", "3", "-o", receipt).status == 0)
        let check = ["check", receipt, "--key", ledger.key]
        let checked = try Docket.binary.run(check + ["--policy", policy])
        #expect(checked.output.contains("witnessed by w1.example, w2.example"), "\(checked.messages)")
        #expect(try Docket.binary.run(check + ["--witness", two.key]).status == 0)
        let stranger = try WitnessProcess([ledger.key], name: "w4.example")
        #expect(try Docket.binary.run(check + ["--witness", stranger.key]).status == 1)
        let export = folder.file("export")
        #expect(try ledger.run("export", "--ndjson", export).status == 0)
        #expect(try Docket.binary.run("verify", export, "--key", ledger.key, "--policy", policy).status == 0)
        // A newer checkpoint is not witnessed yet; a service asks by itself.
        try append(3..<6, to: ledger)
        let newer = try Docket.binary.run(verify)
        #expect(newer.status == 3 && newer.output.hasPrefix("INCOMPLETE witnesses"), "\(newer.output)")
        #expect(try ledger.run("receipt", "3", "-o", receipt).status == 0)
        #expect(try Docket.binary.run(check + ["--policy", policy]).status == 1)
        #expect(try ledger.run("receipt", "3", "--witnessed", "-o", receipt).status == 0)
        #expect(try Docket.binary.run(check + ["--policy", policy]).status == 0)
        let last = try #require(
            ledger.run("checkpoint").output.split(separator: "\n").dropFirst().first.flatMap { Int($0) })
        #expect(try ledger.run("receipt", "\(last - 1)", "--witnessed").status == 1)
        try ledger.startService("--policy", policy)
        while try !HTTPExchange(ledger.socket).body("/v1/checkpoint").contains("— w2.example ") { usleep(20_000) }
        #expect(try HTTPExchange(ledger.socket).body("/v1/events/0/receipt").contains("— w1.example "))
        #expect(try ledger.stopService() == 0)
        #expect(try Docket.binary.run(verify).status == 0)
    }

    @Test("finds a ledger that was set back, and one that went on from there, which evidence then proves")
    func setBack() throws {
        let ledger = try TestLedger(isFixed: true)
        let witness = try WitnessProcess([ledger.key])
        let policy = try write("witness w \(witness.key) \(witness.address)\nquorum w\n", "policy")
        try append(0..<3, to: ledger)
        let copy = folder.file("copy")
        try FileManager.default.copyItem(atPath: ledger.data, toPath: copy)
        try append(3..<6, to: ledger)
        let seen = try ledger.run("checkpoint", "--policy", policy)
        #expect(seen.status == 0, "\(seen.messages)")
        let note = try write(seen.output, "seen")
        // The old snapshot, beside the witnessed checkpoint.
        try FileManager.default.createDirectory(atPath: copy + "/state", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: ledger.data + "/state/cosigned", toPath: copy + "/state/cosigned")
        let stale = try Docket.binary.run("verify", "--data", copy, "--key", ledger.key, "--policy", policy)
        #expect(stale.status == 3 && stale.output.hasPrefix("STALE"), "\(stale.output)")
        let asked = try Docket.binary.run("checkpoint", "--data", copy, "--policy", policy)
        #expect(asked.status == 1 && asked.messages.contains("it has cosigned"), "\(asked.messages)")
        let lines = try String(contentsOfFile: KnownHistory.fixture, encoding: .utf8).split(separator: "\n")
        for line in lines[6..<10] {
            try #require(try Docket.binary.run(["run", "-", "--data", copy], input: line + "\n").status == 0)
        }
        let other = try Docket.binary.run("checkpoint", "--data", copy, "--policy", policy)
        #expect(other.status == 1 && other.messages.contains("that this log does not continue"), "\(other.messages)")
        let evidence = folder.file("evidence")
        let fork = try Docket.binary.run(
            "verify", "--data", copy, "--key", ledger.key, "--since", note, "--evidence", evidence)
        #expect(fork.status == 1 && fork.output.hasPrefix("FORK"), "\(fork.output)")
        let check = try Docket.binary.run("check", evidence, "--key", ledger.key)
        #expect(check.status == 1)
        let headline = "FORK: the operator of \(TestLedger.origin) signed two histories\n"
        #expect(check.output.hasPrefix(headline), "\(check.output)")
        let json = try Docket.binary.run("check", evidence, "--key", ledger.key, "--json")
        #expect(json.status == 1 && json.output.contains(#""verdict":"FORK""#))
        #expect(try Docket.binary.run("check", evidence, "--key", witness.key).status == 2)
        let text = try String(contentsOfFile: evidence, encoding: .utf8)
        let forged = try write(text.replacingOccurrences(of: "\\n— ", with: "\\n—  "), "forged")
        let refused = try Docket.binary.run("check", forged, "--key", ledger.key)
        #expect(refused.status == 2 && refused.messages.contains("the evidence proves nothing"), "\(refused.messages)")
    }

    @Test("cosigns without a network, from a file")
    func offline() throws {
        let ledger = try TestLedger()
        try append(0..<2, to: ledger)
        let data = folder.file("w")
        #expect(try Docket.binary.run("witness", "key", "--data", data, "--name", "w.example").status == 0)
        #expect(try Docket.binary.run("witness", "key", "--data", data, "--name", "w.example").status == 2)
        let first = try ledger.run("checkpoint").output
        func cosign(_ request: String) throws -> Docket.Result {
            try Docket.binary.run(["witness", "cosign", "-", "--data", data, "--log", ledger.key], input: request)
        }
        let one = try cosign("old 0\n\n" + first)
        #expect(one.status == 0 && one.output.hasPrefix("— w.example "), "\(one.messages)")
        let size = first.split(separator: "\n")[1]
        try append(2..<3, to: ledger)
        #expect(try cosign("old 0\n\n" + ledger.run("checkpoint").output).status == 1)
        let newer = try ledger.run("checkpoint").output.split(separator: "\n")[1]
        let request = try ledger.run("consistency", String(size), String(newer)).output
        #expect(try cosign(request).status == 0)
        #expect(try cosign(request).status == 1)
        #expect(try cosign("nonsense").status == 1)
    }

    @Test("a policy or key that cannot be used is refused with its place: exit 2")
    func policies() throws {
        let ledger = try TestLedger()
        try append(0..<1, to: ledger)
        func verify(_ policy: String) throws -> Docket.Result {
            try ledger.run("verify", "--key", ledger.key, "--policy", write(policy, "policy"))
        }
        let unnamed = try verify("quorum x\n")
        #expect(unnamed.status == 2 && unnamed.messages.contains("policy:1: `x` is not defined"), "\(unnamed.messages)")
        #expect(try verify("log other.example+12345678+AQ==\nquorum none\n").status == 2)
        #expect(try verify("quorum none\n").status == 0)
        #expect(try ledger.run("verify", "--key", ledger.key, "--witness", ledger.key).status == 2)
        #expect(try ledger.run("checkpoint", "--policy", write("quorum none\n", "policy")).status == 2)
    }
}
