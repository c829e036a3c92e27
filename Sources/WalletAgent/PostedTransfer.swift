import AgentKit
import Ledger

/// One recorded transfer, read where it lies: nodes of its document, whose shape was checked when it was decided.
struct PostedTransfer {
    let document: Document
    private(set) var amount = Amount.zero
    private(set) var flags: TransferFlags = []
    private(set) var debitAccount: UInt32 = 0
    private(set) var creditAccount: UInt32 = 0
    /// Whether it has members that only pending transfers, and those that resolve them, have.
    private(set) var isPlain = true

    init(_ document: Document, _ object: UInt32) {
        self.document = document
        var node = object + 1
        let end = document.nodeAfter(object)
        // Members stand in the order of their names: amount, code, creditAccount, currency, debitAccount, flags, id,
        // pendingId, timeoutSeconds. The first, and those of the accounts, are always there.
        amount = Amount(document.int(of: node) ?? 0)
        while node < end {
            switch document.nameLength(of: node) {
            case 5:
                flags = TransferReader.flags(in: document, node) ?? []
                isPlain = flags.isDisjoint(with: [.pending, .postPendingTransfer, .voidPendingTransfer])
            case 12: debitAccount = node
            case 13: creditAccount = node
            default: break
            }
            node = document.nodeAfter(node)
        }
    }
}
