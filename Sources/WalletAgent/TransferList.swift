import AgentKit
import Ledger

/// Transfers in a compact form, which rules read as a list of records and the log writes as canonical JSON.
final class TransferList: HostObject, @unchecked Sendable {
    let transfers: [Transfer]
    /// The prefix of the ids: an id is this and the transfer's number. Empty for requested transfers, which have none.
    let idPrefix: String
    /// The number of the first transfer.
    let first: Int

    /// Requested transfers, which have no ids yet.
    init(requested transfers: [Transfer]) {
        self.transfers = transfers
        idPrefix = ""
        first = 0
    }

    /// Transfers as applied, named after the entry that requested them.
    init(posted transfers: [Transfer], by sequence: EntrySequence, first: Int) {
        self.transfers = transfers
        idPrefix = sequence.padded + "/"
        self.first = first
    }

    /// Merges the transfers between the same two accounts into one, in the order of the first of each pair.
    static func combined(_ transfers: [Transfer]) -> [Transfer] {
        var combined: [Transfer] = []
        var places: [String: Int] = [:]
        for transfer in transfers {
            let pair = transfer.debitAccount + " " + transfer.creditAccount
            if let place = places[pair] {
                combined[place].amount += transfer.amount
            } else {
                places[pair] = combined.count
                combined.append(transfer)
            }
        }
        return combined
    }

    func id(_ index: Int) -> String? { idPrefix.isEmpty ? nil : idPrefix + String(first + index) }

    func kind(_ node: UInt32) -> HostKind { node == 0 ? .list : .map }

    func count(_ node: UInt32) -> Int {
        if node == 0 { return transfers.count }
        let transfer = transfers[Int(node) - 1]
        return 4 + (idPrefix.isEmpty ? 0 : 1) + (transfer.code != 0 ? 1 : 0) + (transfer.flags.isEmpty ? 0 : 1)
            + (transfer.pendingId.isEmpty ? 0 : 1) + (transfer.timeoutSeconds != 0 ? 1 : 0)
    }

    func element(_ node: UInt32, _ index: Int) -> Value? {
        index >= 0 && index < transfers.count ? .host(self, UInt32(index) + 1) : nil
    }

    func member(_ node: UInt32, _ name: FieldName) -> Value? {
        node == 0 ? nil : member(Int(node) - 1, name.text)
    }

    private func member(_ index: Int, _ name: String) -> Value? {
        let transfer = transfers[index]
        switch name {
        case "amount": return transfer.amount.money(in: transfer.currency)
        case "code": return transfer.code == 0 ? nil : .int(transfer.code)
        case "creditAccount": return .string(transfer.creditAccount)
        case "currency": return .string(transfer.currency.text)
        case "debitAccount": return .string(transfer.debitAccount)
        case "flags": return transfer.flags.isEmpty ? nil : .list(transfer.flags.setNames.map(Value.string))
        case "id": return id(index).map(Value.string)
        case "pendingId": return transfer.pendingId.isEmpty ? nil : .string(transfer.pendingId)
        case "timeoutSeconds": return transfer.timeoutSeconds == 0 ? nil : .int(transfer.timeoutSeconds)
        default: return nil
        }
    }

    func key(_ node: UInt32, at position: Int) -> Value {
        guard node > 0 else { return .null }
        let present = PostedRecord.members.filter { member(Int(node) - 1, $0) != nil }
        return position >= 0 && position < present.count ? .string(present[position]) : .null
    }
}

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

    /// Writes a transfer as applied: its accounts exist, so their names need no escapes.
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
    /// Indicates that it has none of the optional members.
    fileprivate var hasOnlyWhatAllHave: Bool {
        flags.isEmpty && code == 0 && timeoutSeconds == 0 && pendingId.isEmpty
    }
}

/// A writer of bytes into memory that the caller owns and has made large enough.
@safe struct ByteLine {
    private let buffer: UnsafeMutableRawBufferPointer
    private var count = 0

    @unsafe init(_ buffer: UnsafeMutableRawBufferPointer) { unsafe self.buffer = buffer }

    @unsafe var written: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count]) }

    mutating func put(fixed piece: StaticString) {
        unsafe put(UnsafeRawBufferPointer(start: piece.utf8Start, count: piece.utf8CodeUnitCount))
    }

    mutating func put(_ text: String) {
        var text = text
        text.withUTF8 { unsafe put(UnsafeRawBufferPointer($0)) }
    }

    mutating func put(_ currency: Currency) {
        for byte in currency.utf8 {
            unsafe buffer[count] = byte
            count += 1
        }
    }

    /// Writes a number that is not negative in decimal digits.
    mutating func put(_ number: Int64) {
        var digits = 1
        var rest = number
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        rest = number
        for position in stride(from: count + digits - 1, through: count, by: -1) {
            unsafe buffer[position] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
            rest /= 10
        }
        count += digits
    }

    private mutating func put(_ bytes: UnsafeRawBufferPointer) {
        let length = bytes.count
        let room = unsafe buffer.count - count
        precondition(length <= room, "line too short")
        guard let source = bytes.baseAddress, let target = unsafe buffer.baseAddress else { return }
        unsafe (target + count).copyMemory(from: source, byteCount: length)
        count += length
    }
}

/// A text that is written into a line without escapes.
protocol LineText {
    func put(into line: inout ByteLine)
}

extension String: LineText {
    func put(into line: inout ByteLine) { line.put(self) }
}

extension Currency: LineText {
    func put(into line: inout ByteLine) { line.put(self) }
}

/// A transfer id such as `0000000000000128/3`, kept in two parts so that writing it allocates nothing.
struct NumberedText: LineText {
    let prefix: String
    let number: Int

    func put(into line: inout ByteLine) {
        line.put(prefix)
        line.put(Int64(number))
    }
}
