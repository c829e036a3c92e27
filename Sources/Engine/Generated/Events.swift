// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
import AgentKit

/// The data of `admin.override.approved`, as far as it is read here.
struct AdminOverrideApproved: EventView {
    static let type = "admin.override.approved"
    let data: View

    init(_ data: View) { self.data = data }

    var override: String { Field.text(data.document, Field.node(data, "override")) }
}

/// The data of `agent.failed`, as far as it is read here.
struct AgentFailed: EventView {
    static let type = "agent.failed"
    let data: View

    init(_ data: View) { self.data = data }

    var agent: String { Field.text(data.document, Field.node(data, "agent")) }
}

/// The data of `deadletter.added`, as far as it is read here.
struct DeadletterAdded: EventView {
    static let type = "deadletter.added"
    let data: View

    init(_ data: View) { self.data = data }

    var sequence: String { Field.text(data.document, Field.node(data, "sequence")) }
    var reason: String { Field.text(data.document, Field.node(data, "reason")) }
}

/// The data of `deadletter.retried`, as far as it is read here.
struct DeadletterRetried: EventView {
    static let type = "deadletter.retried"
    let data: View

    init(_ data: View) { self.data = data }

    var sequence: String { Field.text(data.document, Field.node(data, "sequence")) }
}

/// The data of `ledger.created`, as far as it is read here.
struct LedgerCreated: EventView {
    static let type = "ledger.created"
    let data: View

    init(_ data: View) { self.data = data }

    var origin: String { Field.text(data.document, Field.node(data, "origin")) }
}

/// The data of `override.pending`, as far as it is read here.
struct OverridePending: EventView {
    static let type = "override.pending"
    let data: View

    init(_ data: View) { self.data = data }

    var override: String { Field.text(data.document, Field.node(data, "override")) }
}

/// The data of `override.refused`, as far as it is read here.
struct OverrideRefused: EventView {
    static let type = "override.refused"
    let data: View

    init(_ data: View) { self.data = data }

    var override: String { Field.text(data.document, Field.node(data, "override")) }
    var reason: String { Field.text(data.document, Field.node(data, "reason")) }
}

/// The data of `principal.registered`, as far as it is read here.
struct PrincipalRegistered: EventView {
    static let type = "principal.registered"
    let data: View

    init(_ data: View) { self.data = data }

    var principal: String { Field.text(data.document, Field.node(data, "principal")) }
    var key: String { Field.text(data.document, Field.node(data, "key")) }
    var roles: [String] { Field.texts(data.document, Field.node(data, "roles")) }
}

/// The data of `principal.rotated`, as far as it is read here.
struct PrincipalRotated: EventView {
    static let type = "principal.rotated"
    let data: View

    init(_ data: View) { self.data = data }

    var principal: String { Field.text(data.document, Field.node(data, "principal")) }
    var key: String { Field.text(data.document, Field.node(data, "key")) }
    var previousUntil: Instant { Field.moment(data.document, Field.node(data, "previousUntil")) }
}

/// The data of `proposal.approved`, as far as it is read here.
struct ProposalApproved: EventView {
    static let type = "proposal.approved"
    let data: View

    init(_ data: View) { self.data = data }

    var proposalId: String { Field.text(data.document, Field.node(data, "proposalId")) }
}

/// The data of `proposal.expired`, as far as it is read here.
struct ProposalExpired: EventView {
    static let type = "proposal.expired"
    let data: View

    init(_ data: View) { self.data = data }

    var proposalId: String { Field.text(data.document, Field.node(data, "proposalId")) }
}

/// The data of `proposal.opened`, as far as it is read here.
struct ProposalOpened: EventView {
    static let type = "proposal.opened"
    let data: View

    init(_ data: View) { self.data = data }

    var proposalId: String { Field.text(data.document, Field.node(data, "proposalId")) }
    var reference: String { Field.text(data.document, Field.node(data, "reference")) }
    var rule: String { Field.text(data.document, Field.node(data, "rule")) }
    var of: [String] { Field.texts(data.document, Field.node(data, "of")) }
    var need: Int64 { Field.integer(data.document, Field.node(data, "need")) }
    var emit: RecordList<Emit> { RecordList(data.document, Field.node(data, "emit")) }

    /// An element of `emit`.
    struct Emit: RecordView {
        let document: Document
        private(set) var dataNode: UInt32 = 0
        private(set) var subjectNode: UInt32 = 0
        private(set) var typeNode: UInt32 = 0

        init(_ document: Document, _ object: UInt32) {
            self.document = document
            guard object != 0, document.kind(of: object) == .object else { return }
            var node = object + 1
            let end = document.nodeAfter(object)
            while node < end {
                switch document.nameLength(of: node) {
                case 4 where document.isNamed(node, "data"): dataNode = node
                case 4 where document.isNamed(node, "type"): typeNode = node
                case 7 where document.isNamed(node, "subject"): subjectNode = node
                default: break
                }
                node = document.nodeAfter(node)
            }
        }

        var data: View? { Field.view(document, dataNode) }
        var subject: String? { Field.textIfAny(document, subjectNode) }
        var type: String { Field.text(document, typeNode) }
    }
}

/// The data of `proposal.rejected`, as far as it is read here.
struct ProposalRejected: EventView {
    static let type = "proposal.rejected"
    let data: View

    init(_ data: View) { self.data = data }

    var proposalId: String { Field.text(data.document, Field.node(data, "proposalId")) }
}

/// The data of `ruleset.activated`, as far as it is read here.
struct RulesetActivated: EventView {
    static let type = "ruleset.activated"
    let data: View

    init(_ data: View) { self.data = data }

    var digest: String { Field.text(data.document, Field.node(data, "digest")) }
    var files: View? { Field.view(data.document, Field.node(data, "files")) }
    var effectiveFrom: Instant? { Field.momentIfAny(data.document, Field.node(data, "effectiveFrom")) }
}

/// The data of `ruleset.file.added`, as far as it is read here.
struct RulesetFileAdded: EventView {
    static let type = "ruleset.file.added"
    let data: View

    init(_ data: View) { self.data = data }

    var digest: String { Field.text(data.document, Field.node(data, "digest")) }
    var file: String { Field.text(data.document, Field.node(data, "file")) }
    var content: String { Field.text(data.document, Field.node(data, "content")) }
}

/// The data of `ruleset.schedule.cancelled`, as far as it is read here.
struct RulesetScheduleCancelled: EventView {
    static let type = "ruleset.schedule.cancelled"
    let data: View

    init(_ data: View) { self.data = data }

    var activated: String { Field.text(data.document, Field.node(data, "activated")) }
}

/// The data of `schedule.daily`, as far as it is read here.
struct ScheduleDaily: EventView {
    static let type = "schedule.daily"
    let data: View

    init(_ data: View) { self.data = data }

    var due: Instant { Field.moment(data.document, Field.node(data, "due")) }
    var date: String { Field.text(data.document, Field.node(data, "date")) }
}

/// The data of `schedule.item`, as far as it is read here.
struct ScheduleItem: EventView {
    static let type = "schedule.item"
    let data: View

    init(_ data: View) { self.data = data }

    var schedule: String { Field.text(data.document, Field.node(data, "schedule")) }
    var agent: String { Field.text(data.document, Field.node(data, "agent")) }
    var rule: String { Field.text(data.document, Field.node(data, "rule")) }
    var key: String { Field.text(data.document, Field.node(data, "key")) }
    var date: String { Field.text(data.document, Field.node(data, "date")) }
}

/// The data of `schedule.monthly`, as far as it is read here.
struct ScheduleMonthly: EventView {
    static let type = "schedule.monthly"
    let data: View

    init(_ data: View) { self.data = data }

    var due: Instant { Field.moment(data.document, Field.node(data, "due")) }
    var date: String { Field.text(data.document, Field.node(data, "date")) }
}

/// The data of `schedule.weekly`, as far as it is read here.
struct ScheduleWeekly: EventView {
    static let type = "schedule.weekly"
    let data: View

    init(_ data: View) { self.data = data }

    var due: Instant { Field.moment(data.document, Field.node(data, "due")) }
    var date: String { Field.text(data.document, Field.node(data, "date")) }
}

/// The data of `timer.cancelled`, as far as it is read here.
struct TimerCancelled: EventView {
    static let type = "timer.cancelled"
    let data: View

    init(_ data: View) { self.data = data }

    var name: String { Field.text(data.document, Field.node(data, "name")) }
    var key: String { Field.text(data.document, Field.node(data, "key")) }
}

/// The data of `timer.fired`, as far as it is read here.
struct TimerFired: EventView {
    static let type = "timer.fired"
    let data: View

    init(_ data: View) { self.data = data }

    var agent: String { Field.text(data.document, Field.node(data, "agent")) }
    var name: String { Field.text(data.document, Field.node(data, "name")) }
    var key: String { Field.text(data.document, Field.node(data, "key")) }
}

/// The data of `timer.scheduled`, as far as it is read here.
struct TimerScheduled: EventView {
    static let type = "timer.scheduled"
    let data: View

    init(_ data: View) { self.data = data }

    var name: String { Field.text(data.document, Field.node(data, "name")) }
    var key: String { Field.text(data.document, Field.node(data, "key")) }
    var due: Instant { Field.moment(data.document, Field.node(data, "due")) }
}

/// The data of `vote.cast`, as far as it is read here.
struct VoteCast: EventView {
    static let type = "vote.cast"
    let data: View

    init(_ data: View) { self.data = data }

    var proposalId: String { Field.text(data.document, Field.node(data, "proposalId")) }
    var agent: String { Field.text(data.document, Field.node(data, "agent")) }
    var approve: Bool { Field.flag(data.document, Field.node(data, "approve")) }
}

/// The data of `admin.override`, as far as it is read here.
struct AdminOverride: EventView {
    static let type = "admin.override"
    let data: View

    init(_ data: View) { self.data = data }

    var emit: RecordList<Emit> { RecordList(data.document, Field.node(data, "emit")) }

    /// An element of `emit`.
    struct Emit: RecordView {
        let document: Document
        private(set) var dataNode: UInt32 = 0
        private(set) var subjectNode: UInt32 = 0
        private(set) var typeNode: UInt32 = 0

        init(_ document: Document, _ object: UInt32) {
            self.document = document
            guard object != 0, document.kind(of: object) == .object else { return }
            var node = object + 1
            let end = document.nodeAfter(object)
            while node < end {
                switch document.nameLength(of: node) {
                case 4 where document.isNamed(node, "data"): dataNode = node
                case 4 where document.isNamed(node, "type"): typeNode = node
                case 7 where document.isNamed(node, "subject"): subjectNode = node
                default: break
                }
                node = document.nodeAfter(node)
            }
        }

        var data: View? { Field.view(document, dataNode) }
        var subject: String? { Field.textIfAny(document, subjectNode) }
        var type: String { Field.text(document, typeNode) }
    }
}

/// The data of `transfer.requested`, as far as it is read here.
struct TransferRequested: EventView {
    static let type = "transfer.requested"
    let data: View

    init(_ data: View) { self.data = data }

    var transfers: RecordList<Transfer> { RecordList(data.document, Field.node(data, "transfers")) }

    /// An element of `transfers`.
    struct Transfer: RecordView {
        let document: Document
        private(set) var amountNode: UInt32 = 0
        private(set) var pendingIdNode: UInt32 = 0

        init(_ document: Document, _ object: UInt32) {
            self.document = document
            guard object != 0, document.kind(of: object) == .object else { return }
            var node = object + 1
            let end = document.nodeAfter(object)
            while node < end {
                switch document.nameLength(of: node) {
                case 6 where document.isNamed(node, "amount"): amountNode = node
                case 9 where document.isNamed(node, "pendingId"): pendingIdNode = node
                default: break
                }
                node = document.nodeAfter(node)
            }
        }

        var amount: Int64 { Field.integer(document, amountNode) }
        var pendingId: String? { Field.textIfAny(document, pendingIdNode) }
    }
}
