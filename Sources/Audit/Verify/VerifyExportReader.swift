import Glibc
import TransparencyLog

/// One thread's way to an export.
final class VerifyExportReader: VerifyReader {
    private let source: VerifyExportSource
    private var lines = VerifyLines()

    init(_ source: VerifyExportSource) { self.source = source }

    let hasKeys = false

    func withNextChunk(_ body: (VerifyChunk) throws(VerifyError) -> Void) throws(VerifyError) -> Bool {
        guard try source.takeChunk(&lines) else { return false }
        let preceding = lines.preceding ?? []
        unsafe try lines.buffer.withUnsafeBufferPointer { buffer throws(VerifyError) in
            unsafe try preceding.withUnsafeBufferPointer { preceding throws(VerifyError) in
                let base = UnsafeRawBufferPointer(buffer)
                let entries = unsafe lines.ranges.map { unsafe UnsafeRawBufferPointer(rebasing: base[$0]) }
                unsafe try entries.withUnsafeBufferPointer { entries throws(VerifyError) in
                    unsafe try lines.offsets.withUnsafeBufferPointer { offsets throws(VerifyError) in
                        let before = lines.number > 0 ? UnsafeRawBufferPointer(preceding) : nil
                        unsafe try body(
                            VerifyChunk(number: lines.number, preceding: before, bytes: entries, locators: offsets))
                    }
                }
            }
        }
        return true
    }

    func entry(_ locator: UInt64) throws(VerifyError) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: VerifyEntryReader.entryBytesMax + 1)
        let count = unsafe pread(source.descriptor, &bytes, bytes.count, off_t(clamping: locator))
        guard count >= 0 else { throw .file(operation: "read", path: source.path, code: errno) }
        return bytes[..<count].firstIndex(of: 0x0A).map { Array(bytes[..<$0]) }
    }

    func checkpoints(_ sizes: ClosedRange<UInt64>) throws(VerifyError) -> [(size: UInt64, note: [UInt8])] { [] }
    func commit(notAbove size: UInt64) throws(VerifyError) -> UInt64? { nil }
    func tile(_ level: Int, _ index: UInt64, _ width: Int) throws(VerifyError) -> [Hash256]? { nil }
}
