import Foundation
import Glibc
import TestSupport
import Testing

/// Privacy of a data directory: the files that `init` and `serve` leave, take and refuse.
@Suite("Private files", .ownThreads)
struct PrivateFilesTests {
    private let folder: TemporaryDirectory
    private var data: String { folder.file("data") }

    init() throws { folder = try TemporaryDirectory("private") }

    private func make(_ more: String...) throws -> Docket.Result {
        try Docket.binary.run(
            ["init", "--data", data, "--origin", "x.example/l", "--rules", Docket.package + "/rules"] + more)
    }

    private func write(_ text: String, to name: String, mode: mode_t) throws {
        try text.write(toFile: folder.file(name), atomically: true, encoding: .utf8)
        chmod(folder.file(name), mode)
    }

    @Test("an init that fails leaves nothing that it made, and what was there")
    func failedInit() throws {
        // The log cannot be made where a file is.
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        try write("mine", to: "data/log", mode: 0o600)
        let failed = try make()
        #expect(failed.status == 2, "\(failed.messages)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: data) == ["log"])
        try FileManager.default.removeItem(atPath: data)
        let seedless = try make("--person-seed", folder.file("none"))
        #expect(seedless.status == 2 && seedless.messages.contains("No such file"), "\(seedless.messages)")
        #expect(!FileManager.default.fileExists(atPath: data))
        for size in ["-1", "0", "4096"] { #expect(try make("--map-size=\(size)").status == 2) }
        #expect(!FileManager.default.fileExists(atPath: data))
        #expect(try make().status == 0)
        var status = stat()
        #expect(stat(data, &status) == 0 && status.st_mode & 0o7777 == 0o700)
    }

    @Test("leftovers of a crash are replaced, and a link in their place is not followed")
    func links() throws {
        try write("precious", to: "precious", mode: 0o600)
        try FileManager.default.createDirectory(atPath: data + "/keys", withIntermediateDirectories: true)
        for name in ["init.json.new", "keys/persons.new"] {
            try FileManager.default.createSymbolicLink(
                atPath: data + "/" + name, withDestinationPath: folder.file("precious"))
        }
        let made = try make()
        #expect(made.status == 0, "\(made.messages)")
        #expect(try String(contentsOfFile: folder.file("precious"), encoding: .utf8) == "precious")
        var status = stat()
        #expect(lstat(data + "/init.json", &status) == 0 && status.st_mode & S_IFMT == S_IFREG)
    }

    @Test("a passphrase that others may read is refused with what to do", arguments: [0o644, 0o640, 0o604, 0o620])
    func passphrase(_ mode: mode_t) throws {
        try write("open sesame\n", to: "passphrase", mode: mode)
        let refused = try make("--passphrase-file", folder.file("passphrase"))
        #expect(refused.status == 2 && refused.messages.contains("chmod 600"), "\(refused.messages)")
        #expect(!FileManager.default.fileExists(atPath: data))
        for own: mode_t in [0o600, 0o400] {
            chmod(folder.file("passphrase"), own)
            try? FileManager.default.removeItem(atPath: data)
            let made = try make("--passphrase-file", folder.file("passphrase"))
            #expect(made.status == 0, "\(made.messages)")
        }
    }

    @Test("a data directory that others may write to is refused", arguments: [0o777, 0o770, 0o1777, 0o702])
    func sharedDirectory(_ mode: mode_t) throws {
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        chmod(data, mode)
        let refused = try make()
        #expect(refused.status == 2 && refused.messages.contains("chmod go-w \(data)"), "\(refused.messages)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: data).isEmpty)
        chmod(data, 0o755)
        #expect(try make().status == 0)
        chmod(data, mode)
        let served = try Docket.binary.run("serve", "--data", data)
        #expect(served.status == 2 && served.messages.contains("chmod go-w"), "\(served.messages)")
    }

    @Test("a read-only key of its owner's is taken")
    func readOnlyKey() throws {
        try #require(try make("--clock", "events").status == 0)
        chmod(data + "/key", 0o400)
        let run = try Docket.binary.run("run", KnownHistory.fixture, "--data", data)
        #expect(run.status == 0, "\(run.messages)")
    }

    @Test("a socket that cannot be made is refused with its folder and why")
    func socketFolders() throws {
        try #require(try make().status == 0)
        let long = folder.file(String(repeating: "s", count: 120))
        for (socket, why) in [
            (folder.file("none/s"), "folder `\(folder.file("none"))`: No such file"), (long, "more than the 103"),
            (data + "/init.json/s", "Not a directory"), (data + "/init.json", "is not a socket"),
        ] {
            let served = try Docket.binary.run("serve", "--data", data, "--socket", socket)
            #expect(served.status == 2 && served.messages.contains(why), "\(served.messages)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["data"])
    }

    @Test("what may not be read is said to be so, not to be missing")
    func permissionDenied() throws {
        guard geteuid() == 0, access("/usr/bin/setpriv", X_OK) == 0 else {
            print("permission denied: not tested, for this user is nobody else's")
            return
        }
        try #require(try make("--clock", "events").status == 0)
        try #require(try Docket.binary.run("run", KnownHistory.fixture, "--data", data).status == 0)
        // The user `nobody` must be able to enter the folder of this test and to run `docket` there.
        chmod(folder.path, 0o755)
        let binary = folder.file("docket")
        try FileManager.default.copyItem(atPath: Docket.binary.path, toPath: binary)
        chmod(binary, 0o755)
        for verb in [["log"], ["accounts"], ["run", "-"], ["key", "show"]] {
            let arguments = ["--reuid", "65534", "--clear-groups", binary] + verb + ["--data", data]
            let result = try Docket(path: "/usr/bin/setpriv").run(arguments, input: "", in: "/")
            #expect(result.status == 2, "\(verb): \(result.messages)")
            #expect(
                result.messages.contains("Permission denied") && result.messages.contains(data), "\(result.messages)")
        }
    }
}
