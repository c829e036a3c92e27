import Glibc

/// Sorted digests, in memory or in a file that has no name any more.
enum VerifyDigestRun: Sendable {
    case memory([VerifyDigest])
    case file(VerifyDigestFile)
}

/// An unnamed temporary file of sorted digests.
final class VerifyDigestFile: Sendable {
    let descriptor: Int32
    let count: Int

    init(_ digests: [VerifyDigest]) throws(VerifyError) {
        let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var name = Array("\(folder)/docket-verify-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&name)
        guard descriptor >= 0 else { throw .file(operation: "create", path: folder, code: errno) }
        unsafe unlink(name)
        self.descriptor = descriptor
        count = digests.count
        var start = 0
        let size = digests.count * VerifyDigest.bytes
        while start < size {
            let written = unsafe digests.withUnsafeBytes { bytes in
                unsafe write(descriptor, bytes.baseAddress! + start, size - start)
            }
            if written < 0 && errno != EINTR { throw .file(operation: "write", path: folder, code: errno) }
            start += max(0, written)
        }
    }

    deinit { close(descriptor) }

    /// Up to `most` digests from number `first` on.
    func read(_ first: Int, most: Int) throws(VerifyError) -> [VerifyDigest] {
        let wanted = min(most, count - first)
        var failure: Int32 = 0
        let digests = unsafe [VerifyDigest](unsafeUninitializedCapacity: wanted) { buffer, initialized in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            var start = 0
            while start < bytes.count {
                let offset = off_t(first * VerifyDigest.bytes + start)
                let count = unsafe pread(descriptor, bytes.baseAddress! + start, bytes.count - start, offset)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 {
                    failure = count < 0 ? errno : EIO
                    break
                }
                start += count
            }
            initialized = start / VerifyDigest.bytes
        }
        guard failure == 0 else { throw .file(operation: "read", path: "temporary file", code: failure) }
        return digests
    }
}
