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
        while node < end {
            switch document.nameLength(of: node) {
            case 5 where document.isNamed(node, "flags"):
                flags = TransferReader.flags(in: document, node) ?? []
                isPlain = flags.isDisjoint(with: [.pending, .postPendingTransfer, .voidPendingTransfer])
            case 6 where document.isNamed(node, "amount"): amount = Amount(document.int(of: node) ?? 0)
            case 12 where document.isNamed(node, "debitAccount"): debitAccount = node
            case 13 where document.isNamed(node, "creditAccount"): creditAccount = node
            default: break
            }
            node = document.nodeAfter(node)
        }
    }
}
