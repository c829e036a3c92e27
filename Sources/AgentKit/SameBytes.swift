import Glibc

extension String {
    /// Whether both have the same UTF-8: `==` also holds between normal forms.
    package func hasSameBytes(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        return unsafe KeyIndex.withBytes(of: self) { mine in
            unsafe KeyIndex.withBytes(of: other) { theirs in
                guard let a = mine.baseAddress, let b = theirs.baseAddress else { return true }
                return unsafe memcmp(a, b, mine.count) == 0
            }
        }
    }
}
