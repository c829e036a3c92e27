// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
import AgentKit

/// The data of `admin.override`, as far as it is read here.
struct AdminOverride: EventView {
    static let type = "admin.override"
    let data: View

    init(_ data: View) { self.data = data }

    var corrects: String { Field.text(data.document, Field.node(data, "corrects")) }
    var because: String { Field.text(data.document, Field.node(data, "because")) }
    var emit: RecordList<Emit> { RecordList(data.document, Field.node(data, "emit")) }

    /// An element of `emit`.
    struct Emit: RecordView {
        let document: Document
        private(set) var typeNode: UInt32 = 0

        init(_ document: Document, _ object: UInt32) {
            self.document = document
            guard object != 0, document.kind(of: object) == .object else { return }
            var node = object + 1
            let end = document.nodeAfter(object)
            while node < end {
                switch document.nameLength(of: node) {
                case 4 where document.isNamed(node, "type"): typeNode = node
                default: break
                }
                node = document.nodeAfter(node)
            }
        }

        var type: String { Field.text(document, typeNode) }
    }
}

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

    var rule: String { Field.text(data.document, Field.node(data, "rule")) }
}

/// The data of `alert.raised`, as far as it is read here.
struct AlertRaised: EventView {
    static let type = "alert.raised"
    let data: View

    init(_ data: View) { self.data = data }

    var alertId: String { Field.text(data.document, Field.node(data, "alertId")) }
}

/// The data of `conflict.raised`, as far as it is read here.
struct ConflictRaised: EventView {
    static let type = "conflict.raised"
    let data: View

    init(_ data: View) { self.data = data }

    var claim: String { Field.text(data.document, Field.node(data, "claim")) }
    var rules: [String] { Field.texts(data.document, Field.node(data, "rules")) }
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

/// The data of `decision.overruled`, as far as it is read here.
struct DecisionOverruled: EventView {
    static let type = "decision.overruled"
    let data: View

    init(_ data: View) { self.data = data }

    var rule: String { Field.text(data.document, Field.node(data, "rule")) }
    var by: String { Field.text(data.document, Field.node(data, "by")) }
    var claim: String { Field.text(data.document, Field.node(data, "claim")) }
}

/// The data of `erasure.completed`, as far as it is read here.
struct ErasureCompleted: EventView {
    static let type = "erasure.completed"
    let data: View

    init(_ data: View) { self.data = data }

    var userId: String { Field.text(data.document, Field.node(data, "userId")) }
}

/// The data of `personal.revealed`, as far as it is read here.
struct PersonalRevealed: EventView {
    static let type = "personal.revealed"
    let data: View

    init(_ data: View) { self.data = data }

    var sequence: String { Field.text(data.document, Field.node(data, "sequence")) }
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
    var until: Instant { Field.moment(data.document, Field.node(data, "until")) }
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

    var backtest: String? { Field.textIfAny(data.document, Field.node(data, "backtest")) }
    var digest: String { Field.text(data.document, Field.node(data, "digest")) }
    var effectiveFrom: Instant? { Field.momentIfAny(data.document, Field.node(data, "effectiveFrom")) }
    var files: View? { Field.view(data.document, Field.node(data, "files")) }
}

/// The data of `ruleset.file.added`, as far as it is read here.
struct RulesetFileAdded: EventView {
    static let type = "ruleset.file.added"
    let data: View

    init(_ data: View) { self.data = data }

    var digest: String { Field.text(data.document, Field.node(data, "digest")) }
    var content: String { Field.text(data.document, Field.node(data, "content")) }
}

/// The data of `ruleset.schedule.cancelled`, as far as it is read here.
struct RulesetScheduleCancelled: EventView {
    static let type = "ruleset.schedule.cancelled"
    let data: View

    init(_ data: View) { self.data = data }

    var activated: String { Field.text(data.document, Field.node(data, "activated")) }
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
}

/// The data of `transfer.posted`, as far as it is read here.
struct TransferPosted: EventView {
    static let type = "transfer.posted"
    let data: View

    init(_ data: View) { self.data = data }

    var purpose: String { Field.text(data.document, Field.node(data, "purpose")) }
    var reference: String { Field.text(data.document, Field.node(data, "reference")) }
    var transfers: RecordList<Transfer> { RecordList(data.document, Field.node(data, "transfers")) }

    /// An element of `transfers`.
    struct Transfer: RecordView {
        let document: Document
        private(set) var amountNode: UInt32 = 0
        private(set) var codeNode: UInt32 = 0
        private(set) var creditAccountNode: UInt32 = 0
        private(set) var currencyNode: UInt32 = 0
        private(set) var debitAccountNode: UInt32 = 0
        private(set) var flagsNode: UInt32 = 0
        private(set) var idNode: UInt32 = 0
        private(set) var pendingIdNode: UInt32 = 0
        private(set) var timeoutSecondsNode: UInt32 = 0

        init(_ document: Document, _ object: UInt32) {
            self.document = document
            guard object != 0, document.kind(of: object) == .object else { return }
            var node = object + 1
            let end = document.nodeAfter(object)
            while node < end {
                switch document.nameLength(of: node) {
                case 2 where document.isNamed(node, "id"): idNode = node
                case 4 where document.isNamed(node, "code"): codeNode = node
                case 5 where document.isNamed(node, "flags"): flagsNode = node
                case 6 where document.isNamed(node, "amount"): amountNode = node
                case 8 where document.isNamed(node, "currency"): currencyNode = node
                case 9 where document.isNamed(node, "pendingId"): pendingIdNode = node
                case 12 where document.isNamed(node, "debitAccount"): debitAccountNode = node
                case 13 where document.isNamed(node, "creditAccount"): creditAccountNode = node
                case 14 where document.isNamed(node, "timeoutSeconds"): timeoutSecondsNode = node
                default: break
                }
                node = document.nodeAfter(node)
            }
        }

        var amount: Int64 { Field.integer(document, amountNode) }
        var code: Int64? { Field.integerIfAny(document, codeNode) }
        var creditAccount: String { Field.text(document, creditAccountNode) }
        var currency: String { Field.text(document, currencyNode) }
        var debitAccount: String { Field.text(document, debitAccountNode) }
        var flags: [String] { Field.texts(document, flagsNode) }
        var id: String { Field.text(document, idNode) }
        var pendingId: String? { Field.textIfAny(document, pendingIdNode) }
        var timeoutSeconds: Int64? { Field.integerIfAny(document, timeoutSecondsNode) }
    }
}

/// The data of `trigger.contradicted`, as far as it is read here.
struct TriggerContradicted: EventView {
    static let type = "trigger.contradicted"
    let data: View

    init(_ data: View) { self.data = data }

    var type: String { Field.text(data.document, Field.node(data, "type")) }
    var key: [String] { Field.texts(data.document, Field.node(data, "key")) }
    var first: String { Field.text(data.document, Field.node(data, "first")) }
}

/// The data of `trigger.repeated`, as far as it is read here.
struct TriggerRepeated: EventView {
    static let type = "trigger.repeated"
    let data: View

    init(_ data: View) { self.data = data }

    var type: String { Field.text(data.document, Field.node(data, "type")) }
    var key: [String] { Field.texts(data.document, Field.node(data, "key")) }
    var first: String { Field.text(data.document, Field.node(data, "first")) }
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
