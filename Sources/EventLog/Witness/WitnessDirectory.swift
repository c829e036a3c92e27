import Glibc
import Sodium
import Synchronization
package import TransparencyLog

/// The state of a witness on disk, and its answers to `add-checkpoint` (c2sp.org/tlog-witness).
///
/// `key` is the witness's key; `<hex SHA-256 of the origin>/checkpoint` is the checkpoint of a log that was cosigned
/// last, with the log's signature and the witness's own; `<the same>/forks/` keeps checkpoints of that size with another
/// root, and that one beside them. `writer.lock` is held by the one process that answers.
///
/// A cosignature leaves this type only once the checkpoint under it is on the disk. If the process dies before the
/// rename, the old checkpoint stands and nothing was answered; if it dies after it, the log asks again, with the old
/// size that the 409 tells it.
package final class WitnessDirectory: Sendable {
    /// An answer to a request.
    package struct Answer: Sendable {
        /// The HTTP status.
        package let status: Int
        /// The media type of the body.
        package let type: String
        package let body: [UInt8]
        /// The cause where the witness itself failed, for its operator alone.
        package var failure: EventLogError?
    }

    /// The forked checkpoints that are kept of a log.
    private static let forksMax = 100
    private static let textType = "text/plain; charset=utf-8"

    private let path: String
    private let witness: Witness
    private let lock: WriterLock
    private let now: @Sendable () -> UInt64
    /// Serialises requests: the check against the last checkpoint and storing the next are one step.
    private let turn = Mutex(())

    /// Opens the state in a directory, which is made if it is not there.
    /// - Parameter now: the time in seconds since 1970.
    /// - Throws: `writerRunning` if another process has it open, `file` where it cannot be made.
    package init(
        path: String, witness: Witness, now: @escaping @Sendable () -> UInt64 = { UInt64(clamping: time(nil)) }
    ) throws(EventLogError) {
        self.path = path
        self.witness = witness
        self.now = now
        try Self.makeDirectory(path)
        lock = try WriterLock(directory: path)
    }

    /// Opens the state of the witness that has a key, for logs whose keys are given as text.
    /// - Throws: `KeyFileError`, `NoteError` for a key that cannot be used, otherwise as the other initialiser.
    package convenience init(path: String, key: KeyFile.Opened, logs: [String]) throws {
        var keys: [VerifierKey] = []
        for text in logs {
            let key = try VerifierKey(text)
            if !keys.contains(key) { keys.append(key) }
        }
        try self.init(path: path, witness: try Witness(signer: key.cosigner(), logs: keys))
    }

    /// Makes the key of a witness in its directory, which is made if it is not there.
    /// - Throws: `KeyFileError` where there is one already, or it cannot be written.
    package static func makeKey(path: String, name: String, passphrase: [UInt8]? = nil) throws {
        try makeDirectory(path)
        let key = SigningKey.generate()
        _ = try NoteSigner(name: name, key: key, kind: .cosignature)
        try KeyFile(path: path + "/key").create(name: name, key: key, passphrase: passphrase)
    }

    /// Makes a directory to which only its owner has access, unless it is there.
    static func makeDirectory(_ path: String) throws(EventLogError) {
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw .file(operation: "make directory", path: path, code: errno)
        }
        // Who made it may have ended before its name was on the disk.
        try syncDirectory(of: path)
    }

    /// Answers a request, whatever it holds.
    package func add(_ request: [UInt8]) -> Answer {
        do throws(Witness.Refusal) {
            let candidate = try witness.open(request)
            return turn.withLock { _ in answer(candidate) }
        } catch {
            return Self.answer(error)
        }
    }

    /// The checkpoint cosigned last of the log whose origin has a SHA-256 in lower-case hex; nil if there is none.
    /// - Throws: `file` where it cannot be read.
    package func checkpoint(ofOriginHash hash: String) throws(EventLogError) -> [UInt8]? {
        let isHash = hash.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return isHash && hash.utf8.count == 2 * Hash256.bytes ? try SmallFile.read("\(path)/\(hash)/checkpoint") : nil
    }

    private static func answer(_ refusal: Witness.Refusal) -> Answer {
        if case .conflict(let size, _) = refusal {
            return Answer(status: refusal.status, type: "text/x.tlog.size", body: Array("\(size)\n".utf8))
        }
        return Answer(status: refusal.status, type: textType, body: Array("\(refusal)\n".utf8))
    }

    private func answer(_ candidate: Witness.Candidate) -> Answer {
        do throws(EventLogError) {
            let folder = path + "/" + sha256(Array(candidate.checkpoint.origin.utf8)).hex
            let last = try last(in: folder, origin: candidate.checkpoint.origin)
            do throws(Witness.Refusal) { try witness.check(candidate, after: last) } catch {
                if case .conflict(_, isOtherRoot: true) = error { keepFork(candidate, in: folder) }
                return Self.answer(error)
            }
            let (line, note) = witness.cosign(candidate, time: now())
            if last == nil { try Self.makeDirectory(folder) }
            try SmallFile.write(note, to: folder + "/checkpoint")
            return Answer(status: 200, type: Self.textType, body: line)
        } catch {
            let body = Array("the witness could not keep the checkpoint\n".utf8)
            return Answer(status: 500, type: Self.textType, body: body, failure: error)
        }
    }

    /// The checkpoint cosigned last. A file that is not one is never taken for none: the witness would cosign a fork.
    private func last(in folder: String, origin: String) throws(EventLogError) -> Checkpoint? {
        let file = folder + "/checkpoint"
        guard let bytes = try SmallFile.read(file) else { return nil }
        do throws(NoteError) {
            let note = try SignedNote(bytes)
            _ = try note.verify([witness.verifierKey])
            let checkpoint = try Checkpoint(text: note.text)
            guard checkpoint.origin.utf8.elementsEqual(origin.utf8) else {
                throw NoteError.otherOrigin(expected: origin, found: checkpoint.origin)
            }
            return checkpoint
        } catch {
            throw .damaged(file, "it is not a checkpoint that this witness cosigned: \(error)")
        }
    }

    /// Keeps what a log signed against itself. That it cannot be kept does not change the answer.
    private func keepFork(_ candidate: Witness.Candidate, in folder: String) {
        let forks = folder + "/forks"
        guard (try? Self.makeDirectory(forks)) != nil else { return }
        let (size, root) = (candidate.checkpoint.size, candidate.checkpoint.root.hex)
        guard SmallFile.count(in: forks) < Self.forksMax else { return }
        try? SmallFile.write(candidate.note, to: "\(forks)/\(size)-\(root)")
        // The next checkpoint replaces the one that this contradicts.
        if let held = try? SmallFile.read(folder + "/checkpoint") {
            try? SmallFile.write(held, to: "\(forks)/\(size)-cosigned")
        }
    }
}
