import Glibc
package import Synchronization

/// A member's name prepared at compile time, so that a host's lookup need neither hash nor allocate.
package final class FieldName: Sendable {
    package let text: String
    /// The UTF-8 of the name.
    package let utf8: [UInt8]
    /// A place for the host's own use, such as where the member stood last time. A hint only: any thread may write it.
    package let hint = Atomic<UInt64>(0)

    package init(_ text: String) {
        self.text = text
        utf8 = Array(text.utf8)
    }

    /// Whether `bytes` spell this name.
    @unsafe @inlinable package func matches(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count == utf8.count else { return false }
        return unsafe utf8.withUnsafeBytes { mine in
            guard let a = mine.baseAddress, let b = bytes.baseAddress else { return true }
            return unsafe memcmp(a, b, mine.count) == 0
        }
    }
}
