/// Why something was refused, as RFC 9457 problem details; nothing of it is internal to the service.
package struct Problem: Error, Hashable, Sendable {
    /// The documented kinds of problem, with their HTTP status.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case malformed
        case unauthenticated
        case forbidden
        case notFound = "not-found"
        case conflict
        case unexpectedSequence = "unexpected-sequence"
        case scheduleOver = "schedule-over"
        case tooLarge = "too-large"
        case unknownType = "unknown-type"
        case invalidEvent = "invalid-event"
        case reservedAttribute = "reserved-attribute"
        case decisionType = "decision-type"
        case clock
        case erased
        case tooManyRequests = "too-many-requests"
        case unavailable
        case atomic

        /// The HTTP status code.
        package var status: Int {
            switch self {
            case .malformed: 400
            case .unauthenticated: 401
            case .forbidden: 403
            case .notFound: 404
            case .conflict, .unexpectedSequence, .scheduleOver: 409
            case .tooLarge: 413
            case .unknownType, .invalidEvent, .reservedAttribute, .decisionType, .clock, .erased, .atomic: 422
            case .tooManyRequests: 429
            case .unavailable: 503
            }
        }

        /// A short summary that is the same for every occurrence.
        package var title: String {
            switch self {
            case .malformed: "the request is malformed"
            case .unauthenticated: "authentication failed"
            case .forbidden: "not allowed"
            case .notFound: "not found"
            case .conflict: "the same id was used with other content"
            case .unexpectedSequence: "the subject has moved on"
            case .scheduleOver: "the schedule is over"
            case .tooLarge: "too large"
            case .unknownType: "unknown event type"
            case .invalidEvent: "the event does not fit its type"
            case .reservedAttribute: "the ledger sets this attribute"
            case .decisionType: "only rules emit this type"
            case .clock: "the time is out of range"
            case .erased: "the person's data was erased"
            case .tooManyRequests: "too many requests"
            case .unavailable: "not available now"
            case .atomic: "another event of the atomic batch was refused"
            }
        }
    }

    package let kind: Kind
    /// Description of this occurrence, in lower case.
    package let detail: String
    /// RFC 6901 pointer to what is wrong in the event; nil where there is no single place.
    package var pointer: String?
    /// The sequence a client should know: of the entry with the same id, or the subject's last.
    package var sequence: UInt64?
    /// Seconds after which another try makes sense.
    package var retryAfter: Int?

    package init(
        _ kind: Kind, _ detail: String, pointer: String? = nil, sequence: UInt64? = nil, retryAfter: Int? = nil
    ) {
        self.kind = kind
        self.detail = detail
        self.pointer = pointer
        self.sequence = sequence
        self.retryAfter = retryAfter
    }
}
