import AgentKit
import Ledger

extension TransferList: JSONWritableHost {
    var listedRecord: String { idPrefix.isEmpty ? "" : "posted" }

    func writeCanonical(_ node: UInt32, into writer: inout CanonicalWriter) -> Bool {
        if node > 0 {
            write(Int(node) - 1, into: &writer)
            return true
        }
        writer.beginArray()
        for index in transfers.indices {
            if idPrefix.isEmpty || !transfers[index].hasOnlyWhatAllHave {
                write(index, into: &writer)
            } else {
                writePlain(index, into: &writer)
            }
        }
        writer.endArray()
        return true
    }

    /// A transfer as applied: its accounts exist, so their names need no escapes.
    private func writePlain(_ index: Int, into writer: inout CanonicalWriter) {
        let transfer = transfers[index]
        let textsMax =
            transfer.debitAccount.utf8.count + transfer.creditAccount.utf8.count + Currency.bytesMax
            + idPrefix.utf8.count + Self.indexBytesMax
        unsafe withUnsafeTemporaryAllocation(byteCount: PostedRecord.plainBytesMax + textsMax, alignment: 1) { buffer in
            var line = unsafe ByteLine(buffer)
            PostedRecord.put(
                amount: transfer.amount.minorUnits, creditAccount: transfer.creditAccount,
                currency: transfer.currency, debitAccount: transfer.debitAccount,
                id: NumberedText(prefix: idPrefix, number: first + index), into: &line)
            unsafe writer.raw(line.written)
        }
    }

    private static let indexBytesMax = 20

    private func write(_ index: Int, into writer: inout CanonicalWriter) {
        let transfer = transfers[index]
        let flags = transfer.flags.isEmpty ? nil : transfer.flags.setNames
        let pendingId = transfer.pendingId.isEmpty ? nil : transfer.pendingId
        let code = transfer.code == 0 ? nil : transfer.code
        let timeout = transfer.timeoutSeconds == 0 ? nil : transfer.timeoutSeconds
        if let id = id(index) {
            PostedRecord(
                amount: transfer.amount.minorUnits, code: code, creditAccount: transfer.creditAccount,
                currency: transfer.currency.text, debitAccount: transfer.debitAccount, flags: flags, id: id,
                pendingId: pendingId, timeoutSeconds: timeout
            ).write(to: &writer)
        } else {
            TransferRecord(
                amount: transfer.amount.minorUnits, code: code, creditAccount: transfer.creditAccount,
                currency: transfer.currency.text, debitAccount: transfer.debitAccount, flags: flags,
                pendingId: pendingId, timeoutSeconds: timeout
            ).write(to: &writer)
        }
    }
}

extension Transfer {
    /// Whether it has none of the optional members.
    fileprivate var hasOnlyWhatAllHave: Bool {
        flags.isEmpty && code == 0 && timeoutSeconds == 0 && pendingId.isEmpty
    }
}
