// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

/// The data of `bonus.granted`, as far as it is read here.
package struct BonusGranted: EventView {
    package static let type = "bonus.granted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var reason: String { Field.text(data.document, Field.node(data, "reason")) }
    package var reference: String { Field.text(data.document, Field.node(data, "reference")) }
}

/// The data of `coins.locked`, as far as it is read here.
package struct CoinsLocked: EventView {
    package static let type = "coins.locked"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var lockId: String { Field.text(data.document, Field.node(data, "lockId")) }
    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
    package var months: Int64 { Field.integer(data.document, Field.node(data, "months")) }
    package var until: Instant { Field.moment(data.document, Field.node(data, "until")) }
}

/// The data of `coins.unlocked`, as far as it is read here.
package struct CoinsUnlocked: EventView {
    package static let type = "coins.unlocked"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var lockId: String { Field.text(data.document, Field.node(data, "lockId")) }
}

/// The data of `debt.cancelled`, as far as it is read here.
package struct DebtCancelled: EventView {
    package static let type = "debt.cancelled"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var debtId: String { Field.text(data.document, Field.node(data, "debtId")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
}

/// The data of `debt.collected`, as far as it is read here.
package struct DebtCollected: EventView {
    package static let type = "debt.collected"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var debtId: String { Field.text(data.document, Field.node(data, "debtId")) }
    package var remaining: Int64 { Field.integer(data.document, Field.node(data, "remaining")) }
}

/// The data of `debt.recorded`, as far as it is read here.
package struct DebtRecorded: EventView {
    package static let type = "debt.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var debtId: String { Field.text(data.document, Field.node(data, "debtId")) }
    package var party: String { Field.text(data.document, Field.node(data, "party")) }
    package var partyId: String { Field.text(data.document, Field.node(data, "partyId")) }
    package var kind: String { Field.text(data.document, Field.node(data, "kind")) }
    package var creditorId: String? { Field.textIfAny(data.document, Field.node(data, "creditorId")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
    package var reference: String { Field.text(data.document, Field.node(data, "reference")) }
}

/// The data of `erasure.completed`, as far as it is read here.
package struct ErasureCompleted: EventView {
    package static let type = "erasure.completed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
}

/// The data of `timer.fired`, as far as it is read here.
package struct TimerFired: EventView {
    package static let type = "timer.fired"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var agent: String { Field.text(data.document, Field.node(data, "agent")) }
    package var name: String { Field.text(data.document, Field.node(data, "name")) }
    package var key: String { Field.text(data.document, Field.node(data, "key")) }
}

/// The data of `transfer.posted`, as far as it is read here.
package struct TransferPosted: EventView {
    package static let type = "transfer.posted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var purpose: String { Field.text(data.document, Field.node(data, "purpose")) }
    package var reference: String { Field.text(data.document, Field.node(data, "reference")) }
    package var transfers: RecordList<Transfer> { RecordList(data.document, Field.node(data, "transfers")) }

    /// An element of `transfers`.
    package struct Transfer: RecordView {
        package let document: Document
        package private(set) var amountNode: UInt32 = 0
        package private(set) var codeNode: UInt32 = 0
        package private(set) var creditAccountNode: UInt32 = 0
        package private(set) var currencyNode: UInt32 = 0
        package private(set) var debitAccountNode: UInt32 = 0
        package private(set) var flagsNode: UInt32 = 0
        package private(set) var idNode: UInt32 = 0
        package private(set) var pendingIdNode: UInt32 = 0
        package private(set) var timeoutSecondsNode: UInt32 = 0

        package init(_ document: Document, _ object: UInt32) {
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

        package var amount: Int64 { Field.integer(document, amountNode) }
        package var code: Int64? { Field.integerIfAny(document, codeNode) }
        package var creditAccount: String { Field.text(document, creditAccountNode) }
        package var currency: String { Field.text(document, currencyNode) }
        package var debitAccount: String { Field.text(document, debitAccountNode) }
        package var flags: [String] { Field.texts(document, flagsNode) }
        package var id: String { Field.text(document, idNode) }
        package var pendingId: String? { Field.textIfAny(document, pendingIdNode) }
        package var timeoutSeconds: Int64? { Field.integerIfAny(document, timeoutSecondsNode) }
    }
}

/// The data of `user.recorded`, as far as it is read here.
package struct UserRecorded: EventView {
    package static let type = "user.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
}

/// The data of `withdrawal.accepted`, as far as it is read here.
package struct WithdrawalAccepted: EventView {
    package static let type = "withdrawal.accepted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var withdrawalId: String { Field.text(data.document, Field.node(data, "withdrawalId")) }
    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
}

/// The data of `withdrawal.returned`, as far as it is read here.
package struct WithdrawalReturned: EventView {
    package static let type = "withdrawal.returned"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var withdrawalId: String { Field.text(data.document, Field.node(data, "withdrawalId")) }
}

/// The data of `wallet.payments.requested`, as far as it is read here.
package struct WalletPaymentsRequested: EventView {
    package static let type = "wallet.payments.requested"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var payments: RecordList<Payment> { RecordList(data.document, Field.node(data, "payments")) }

    /// An element of `payments`.
    package struct Payment: RecordView {
        package let document: Document
        package private(set) var amountNode: UInt32 = 0
        package private(set) var fromNode: UInt32 = 0
        package private(set) var toNode: UInt32 = 0

        package init(_ document: Document, _ object: UInt32) {
            self.document = document
            guard object != 0, document.kind(of: object) == .object else { return }
            var node = object + 1
            let end = document.nodeAfter(object)
            while node < end {
                switch document.nameLength(of: node) {
                case 2 where document.isNamed(node, "to"): toNode = node
                case 4 where document.isNamed(node, "from"): fromNode = node
                case 6 where document.isNamed(node, "amount"): amountNode = node
                default: break
                }
                node = document.nodeAfter(node)
            }
        }

        package var amount: Int64 { Field.integer(document, amountNode) }
        package var from: String { Field.text(document, fromNode) }
        package var to: String { Field.text(document, toNode) }
    }
}
