// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
import AgentKit

/// A `_transfer`.
struct TransferView: RecordView {
    let document: Document
    private(set) var debitAccountNode: UInt32 = 0
    private(set) var creditAccountNode: UInt32 = 0
    private(set) var amountNode: UInt32 = 0
    private(set) var currencyNode: UInt32 = 0
    private(set) var flagsNode: UInt32 = 0

    init(_ document: Document, _ object: UInt32) {
        self.document = document
        guard object != 0, document.kind(of: object) == .object else { return }
        var node = object + 1
        let end = document.nodeAfter(object)
        while node < end {
            switch document.nameLength(of: node) {
            case 5 where document.isNamed(node, "flags"): flagsNode = node
            case 6 where document.isNamed(node, "amount"): amountNode = node
            case 8 where document.isNamed(node, "currency"): currencyNode = node
            case 12 where document.isNamed(node, "debitAccount"): debitAccountNode = node
            case 13 where document.isNamed(node, "creditAccount"): creditAccountNode = node
            default: break
            }
            node = document.nodeAfter(node)
        }
    }

    var debitAccount: String { Field.text(document, debitAccountNode) }
    var creditAccount: String { Field.text(document, creditAccountNode) }
    var amount: Int64 { Field.integer(document, amountNode) }
    var currency: String { Field.text(document, currencyNode) }
    var flags: [String] { Field.texts(document, flagsNode) }
}
