/// What a dispute bundle is about: a complaint, a request for a service, or a withdrawal.
package struct DisputeSubject: Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable, CaseIterable {
        case complaint
        case request
        case withdrawal
    }

    package let kind: Kind
    package let id: String

    package init(kind: Kind, id: String) {
        self.kind = kind
        self.id = id
    }

    /// Parses `complaint:COMP-001`; an id alone is that of a complaint. Nil for another kind, or without an id.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2, parts[0].utf8.allSatisfy({ $0 >= 0x61 && $0 <= 0x7A }) {
            guard let kind = Kind(rawValue: parts[0]), !parts[1].isEmpty else { return nil }
            self.init(kind: kind, id: parts[1])
        } else {
            // An id may have a colon behind capital letters or digits.
            guard !text.isEmpty else { return nil }
            self.init(kind: .complaint, id: text)
        }
    }

    package var description: String { kind.rawValue + ":" + id }

    var name: SubjectName { SubjectName(kind: kind.rawValue, id: id) }

    /// The projection that has its record.
    var projection: String {
        switch kind {
        case .complaint: "complaints"
        case .request: "serviceRequests"
        case .withdrawal: "withdrawals"
        }
    }

    /// The words with which the types of its own events begin.
    var words: Set<String> {
        switch kind {
        case .complaint: ["complaint"]
        case .request: ["service", "request"]
        case .withdrawal: ["wallet", "withdrawal", "payout"]
        }
    }
}
