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
        let bytesMax =
            Pieces.bytes + transfer.debitAccount.utf8.count + transfer.creditAccount.utf8.count + idPrefix.utf8.count
        unsafe withUnsafeTemporaryAllocation(byteCount: bytesMax, alignment: 1) { buffer in
            var line = unsafe ByteLine(buffer)
            line.put(Pieces.amount)
            line.put(transfer.amount.minorUnits)
            line.put(Pieces.creditAccount)
            line.put(transfer.creditAccount)
            line.put(Pieces.currency)
            line.put(transfer.currency)
            line.put(Pieces.debitAccount)
            line.put(transfer.debitAccount)
            line.put(Pieces.id)
            line.put(idPrefix)
            line.put(Int64(first + index))
            line.put(Pieces.end)
            unsafe writer.raw(line.written)
        }
    }

    /// What stands between the values of a plain transfer.
    private enum Pieces {
        static let amount: StaticString = "{\"amount\":"
        static let creditAccount: StaticString = ",\"creditAccount\":\""
        static let currency: StaticString = "\",\"currency\":\""
        static let debitAccount: StaticString = "\",\"debitAccount\":\""
        static let id: StaticString = "\",\"id\":\""
        static let end: StaticString = "\"}"
        /// Of all pieces, two integers and the longest currency.
        static let bytes = 70 + 2 * 20 + Currency.bytesMax + 1
    }

    private func write(_ index: Int, into writer: inout CanonicalWriter) {
        let transfer = transfers[index]
        writer.beginObject()
        writer.key("amount")
        writer.int(transfer.amount.minorUnits)
        if transfer.code != 0 {
            writer.key("code")
            writer.int(transfer.code)
        }
        writer.key("creditAccount")
        writer.string(transfer.creditAccount)
        writer.key("currency")
        writer.string(transfer.currency.text)
        writer.key("debitAccount")
        writer.string(transfer.debitAccount)
        if !transfer.flags.isEmpty {
            writer.key("flags")
            writer.beginArray()
            for (name, flag) in TransferFlags.names where transfer.flags.contains(flag) { writer.string(name) }
            writer.endArray()
        }
        if let id = id(index) {
            writer.key("id")
            writer.string(id)
        }
        if !transfer.pendingId.isEmpty {
            writer.key("pendingId")
            writer.string(transfer.pendingId)
        }
        if transfer.timeoutSeconds != 0 {
            writer.key("timeoutSeconds")
            writer.int(transfer.timeoutSeconds)
        }
        writer.endObject()
    }
}

extension Transfer {
    /// Whether it has none of the optional members.
    fileprivate var hasOnlyWhatAllHave: Bool {
        flags.isEmpty && code == 0 && timeoutSeconds == 0 && pendingId.isEmpty
    }
}
