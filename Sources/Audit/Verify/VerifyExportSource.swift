import Glibc
import Synchronization
import TransparencyLog

/// An NDJSON export and the checkpoint beside it.
final class VerifyExportSource: VerifySource {
    /// Longer lines are cut to this: they are refused for their length anyway, and memory stays bounded.
    static let lineBytesKept = 1 << 17
    static let blockBytes = 1 << 20

    /// Where reading stands; one thread at a time cuts the next chunk.
    struct Place {
        var number: UInt64 = 0
        /// Bytes read behind the last full chunk.
        var carry: [UInt8] = []
        /// The file offset of the first of them.
        var offset: UInt64 = 0
        /// The entry before them.
        var preceding: [UInt8]?
        var isAtEnd = false
        var isTorn = false
    }

    let path: String
    let checkpointPath: String
    let descriptor: Int32
    private let place = Mutex(Place())

    init(path: String, checkpoint: String?) throws(VerifyError) {
        self.path = path
        checkpointPath = checkpoint ?? path + ".checkpoint"
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(operation: "open", path: path, code: errno) }
    }

    deinit { close(descriptor) }

    func newestCheckpoint() throws(VerifyError) -> [UInt8]? {
        try VerifyFile.read(checkpointPath, most: SignedNote.bytesMax + 1)
    }

    func reader() throws(VerifyError) -> any VerifyReader { VerifyExportReader(self) }
    func isTorn() -> Bool { place.withLock { $0.isTorn } }

    /// Cuts the next chunk into `lines`; false where none is left.
    func takeChunk(_ lines: inout VerifyLines) throws(VerifyError) -> Bool {
        try place.withLock { place throws(VerifyError) -> Bool in
            guard !place.isAtEnd || !place.carry.isEmpty else { return false }
            lines.begin(place.number, place.preceding, place.carry, at: place.offset)
            while !lines.isFull, !place.isAtEnd { place.isAtEnd = try lines.read(descriptor, path) == 0 }
            (place.carry, place.offset) = lines.finish()
            if place.isAtEnd, lines.count < VerifyChunk.entries {
                place.isTorn = !place.carry.isEmpty
                place.carry = []
            }
            place.number += 1
            place.preceding = lines.lastLine
            return lines.count > 0
        }
    }
}
