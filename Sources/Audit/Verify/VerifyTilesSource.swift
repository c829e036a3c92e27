import Glibc
import Synchronization
import TransparencyLog

/// A tlog-tiles directory: `checkpoint`, `tile/<L>/<N>`, `tile/entries/<N>`.
final class VerifyTilesSource: VerifySource {
    static let fileBytesMax = 256 * (2 + 65_535)

    let directory: String
    let note: [UInt8]
    /// The size that the checkpoint claims; not trusted for more than choosing the partial tiles.
    let size: UInt64
    private let state = Mutex((next: UInt64(0), isTorn: false))

    init(directory: String) throws(VerifyError) {
        self.directory = directory
        guard let note = try VerifyFile.read(directory + "/checkpoint", most: SignedNote.bytesMax + 1) else {
            throw .notALog(path: directory, why: "it has no `checkpoint`")
        }
        self.note = note
        let text = (try? SignedNote(note)).flatMap { try? Checkpoint(text: $0.text) }
        size = text?.size ?? 0
    }

    func newestCheckpoint() throws(VerifyError) -> [UInt8]? { note }
    func reader() throws(VerifyError) -> any VerifyReader { VerifyTilesReader(self) }
    func isTorn() -> Bool { state.withLock { $0.isTorn } }

    func takeChunk() -> UInt64? {
        let number = state.withLock { state in
            state.next += 1
            return state.next - 1
        }
        return number * UInt64(VerifyChunk.entries) < size ? number : nil
    }

    func markTorn() { state.withLock { $0.isTorn = true } }

    /// The content of a tile or bundle: the full one, else the partial one of the width that the size asks for.
    func file(_ content: TilePath.Content, _ index: UInt64, _ width: Int) throws(VerifyError) -> [UInt8]? {
        let full = TilePath(content, index: index)
        if let bytes = try VerifyFile.read(directory + "/" + full.path, most: Self.fileBytesMax) { return bytes }
        guard width < TilePath.widthMax else { return nil }
        let partial = TilePath(content, index: index, width: width)
        return try VerifyFile.read(directory + "/" + partial.path, most: Self.fileBytesMax)
    }

    /// How many of `count` things are in the tile number `index`.
    static func width(_ count: UInt64, _ index: UInt64) -> Int {
        let (first, overflow) = index.multipliedReportingOverflow(by: 256)
        return overflow || count <= first ? 0 : Int(min(count - first, 256))
    }

    static func hashes(_ bytes: [UInt8]) -> [Hash256] {
        stride(from: 0, through: bytes.count - Hash256.bytes, by: Hash256.bytes).map { i in
            unsafe bytes.withUnsafeBytes { unsafe Hash256(loading: UnsafeRawBufferPointer(rebasing: $0[i...])) }
        }
    }
}
