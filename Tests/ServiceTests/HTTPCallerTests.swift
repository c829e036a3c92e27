import Service
import TestSupport
import Testing

@Suite("calls to whoever answers", .ownThreads)
struct HTTPCallerTests {
    private typealias Answer = StrangeServer.Answer

    private func failure(
        _ limits: HTTPCaller.Limits, _ answer: @escaping @Sendable (String) -> StrangeServer.Answer
    ) throws -> String? {
        let server = try StrangeServer(answer)
        defer { server.stop() }
        let caller = HTTPCaller(try CalledAddress("http://127.0.0.1:\(server.port)/a/"))
        do throws(HTTPCaller.Failure) { _ = try caller.send("GET", "/b", limits: limits) } catch {
            return error.description
        }
        return nil
    }

    @Test("answers within the limits are given, of one connection after the other")
    func sound() throws {
        let server = try StrangeServer { .ok(Array($0.utf8)) }
        defer { server.stop() }
        let caller = HTTPCaller(try CalledAddress("http://127.0.0.1:\(server.port)/a/"))
        for path in ["/b", "/c"] {
            let answer = try caller.send("GET", path, limits: .init(bytesMax: 4))
            #expect(answer.status == 200 && answer.body == Array("/a\(path)".utf8))
        }
    }

    @Test("one that comes drop by drop, or not at all, is given up in time")
    func slow() throws {
        let drops = Answer(
            pieces: [Array("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".utf8), [0x41]],
            pauseMicroseconds: 100_000, isEndless: true)
        #expect(try failure(.init(bytesMax: 1 << 20, totalSeconds: 1)) { _ in drops } == "no answer within 1 s")
        let silence = Answer(pieces: [[]], pauseMicroseconds: 5_000_000)
        #expect(try failure(.init(bytesMax: 1 << 20, idleSeconds: 1)) { _ in silence } == "no answer within 1 s")
    }

    @Test("one that is longer than the limit is refused before it is read, also where it does not say so")
    func long() throws {
        let limits = HTTPCaller.Limits(bytesMax: 10)
        #expect(try failure(limits) { _ in .ok([UInt8](repeating: 1, count: 10)) } == nil)
        #expect(
            try failure(limits) { _ in .ok([UInt8](repeating: 1, count: 11)) } == "the answer has more than 10 bytes")
        let endless = Answer(pieces: [Array("HTTP/1.1 200 OK\r\n\r\n".utf8), [1, 2, 3]], isEndless: true)
        #expect(try failure(limits) { _ in endless } == "the answer has more than 10 bytes")
    }

    @Test(
        "addresses that are not of this machine, or not addresses, are refused",
        arguments: [
            "https://127.0.0.1/", "http://example.com/", "http://127.0.0.1:0/", "http://127.0.0.1:99999/", "http://",
            "http://127.0.0.1:80/a b", "http://127.0.0.1:80/?x", "http://127.0.0.2:80/", "docket.sock", "",
            "http://user@127.0.0.1:80/", "http://127.0.0.1:+80/", "unix:x",
        ])
    func addresses(_ text: String) {
        #expect(throws: ServiceError.self) { try CalledAddress(text) }
    }

    @Test("addresses of this machine and of sockets are taken")
    func taken() throws {
        #expect(try CalledAddress("http://localhost/").prefix == "")
        #expect(try CalledAddress("http://[::1]:8080/a/b//").prefix == "/a/b")
        #expect(try CalledAddress("unix:/run/s", socketPrefix: "/v1/tlog").prefix == "/v1/tlog")
        #expect(try CalledAddress("./s").prefix == "")
        #expect(try ListenAddress("[::1]:0").description == "http://[::1]:0")
        for text in ["0.0.0.0:80", "example.com:80", "127.0.0.1", "127.0.0.1:65536", ":80", ""] {
            #expect(throws: ServiceError.self) { try ListenAddress(text) }
        }
    }
}
