package import JSON

/// Which entries are asked for.
package struct EntryFilter: Sendable {
    /// A type, or the start of types with `.*` behind it: `order.*`.
    package var type: String?
    package var subject: String?
    /// The subject where its kind is named: `user:U-ali`.
    private let named: SubjectName?

    package init(type: String? = nil, subject: String? = nil) {
        self.type = type
        self.subject = subject
        named = subject.flatMap { SubjectName($0) }
    }

    /// Whether an entry is one of them.
    package func matches(_ entry: View) -> Bool {
        if let subject, entry["subject"]?.equals(subject) != true, named?.isSubject(of: entry) != true { return false }
        guard let type else { return true }
        guard type.hasSuffix(".*") else { return entry["type"]?.equals(type) == true }
        return (entry["type"]?.string ?? "").utf8.starts(with: type.utf8.dropLast())
    }
}
