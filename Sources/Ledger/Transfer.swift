public import AgentKit

/// A transfer as it is asked for, and as it is stored.
@usableFromInline package struct Transfer: Hashable, Sendable {
    @usableFromInline package var id: String
    /// May be empty in the second phase.
    @usableFromInline package var debitAccount: String
    @usableFromInline package var creditAccount: String
    @usableFromInline package var amount: Amount
    @usableFromInline package var currency: Currency
    /// A number of the caller's choosing; 0 where it is not set.
    @usableFromInline package var code: Int64
    /// The pending transfer that is posted or voided; else empty.
    @usableFromInline package var pendingId: String
    /// Seconds until a pending transfer expires; 0 for never.
    @usableFromInline package var timeoutSeconds: Int64
    @usableFromInline package var flags: TransferFlags

    @inlinable package init(
        id: String, debitAccount: String = "", creditAccount: String = "", amount: Amount,
        currency: Currency = .none, code: Int64 = 0, pendingId: String = "", timeoutSeconds: Int64 = 0,
        flags: TransferFlags = []
    ) {
        self.id = id
        self.debitAccount = debitAccount
        self.creditAccount = creditAccount
        self.amount = amount
        self.currency = currency
        self.code = code
        self.pendingId = pendingId
        self.timeoutSeconds = timeoutSeconds
        self.flags = flags
    }
}

/// The kind of a transfer.
@usableFromInline package struct TransferFlags: OptionSet, Hashable, Sendable {
    @usableFromInline package let rawValue: UInt8

    @inlinable package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Applied together with the next transfer of the batch or not at all.
    @inlinable package static var linked: TransferFlags { TransferFlags(rawValue: 1) }
    /// Reserves the amount until it is posted, voided or expired.
    @inlinable package static var pending: TransferFlags { TransferFlags(rawValue: 2) }
    /// Posts the whole or a part of a pending transfer.
    @inlinable package static var postPendingTransfer: TransferFlags { TransferFlags(rawValue: 4) }
    /// Lets a pending transfer go.
    @inlinable package static var voidPendingTransfer: TransferFlags { TransferFlags(rawValue: 8) }
    /// Moves at most what the debit account has.
    @inlinable package static var balancingDebit: TransferFlags { TransferFlags(rawValue: 16) }
    /// Moves at most what the credit account lacks.
    @inlinable package static var balancingCredit: TransferFlags { TransferFlags(rawValue: 32) }
    /// Closes the debit account while it is pending.
    @inlinable package static var closingDebit: TransferFlags { TransferFlags(rawValue: 64) }
    /// Closes the credit account while it is pending.
    @inlinable package static var closingCredit: TransferFlags { TransferFlags(rawValue: 128) }

    /// Indicates that it resolves a pending transfer.
    @inlinable package var isSecondPhase: Bool { rawValue & 12 != 0 }
    @inlinable package var isBalancing: Bool { rawValue & 48 != 0 }
    @inlinable package var isClosing: Bool { rawValue & 192 != 0 }

    /// The names in data, each with its flag, in the order in which they are written.
    package static let names: [(name: StaticString, flag: TransferFlags)] = [
        ("linked", .linked), ("pending", .pending), ("postPendingTransfer", .postPendingTransfer),
        ("voidPendingTransfer", .voidPendingTransfer), ("balancingDebit", .balancingDebit),
        ("balancingCredit", .balancingCredit), ("closingDebit", .closingDebit), ("closingCredit", .closingCredit),
    ]

    /// The flag of that name; nil for an unknown one.
    package init?(name: String) {
        guard let entry = Self.names.first(where: { $0.name.description.utf8.elementsEqual(name.utf8) }) else {
            return nil
        }
        self = entry.flag
    }

    /// The names of the flags that are set.
    package var setNames: [String] { Self.names.filter { contains($0.flag) }.map { $0.name.description } }
}

/// Rules see the names of the flags that are set.
extension TransferFlags: RowValue {
    package static var celType: CELType { .list(.string) }
    package var celValue: Value { .list(setNames.map(Value.string)) }
    package func encode(into writer: inout RowWriter) { writer.byte(rawValue) }
    package static func decode(from reader: inout RowReader) throws(RowError) -> TransferFlags {
        TransferFlags(rawValue: try reader.byte())
    }
}

/// A transfer that was applied, with its state where it was a pending one.
@usableFromInline package struct StoredTransfer: Hashable, Sendable {
    /// As applied: the amount is what was moved, the accounts those of the pending transfer.
    @usableFromInline package var transfer: Transfer
    /// Nil for a transfer that was not pending.
    @usableFromInline package var status: PendingStatus?
    @usableFromInline package var created: Instant
    /// The moment at which a pending transfer expires; nil for never.
    @usableFromInline package var due: Instant?

    @inlinable package init(_ transfer: Transfer, status: PendingStatus?, created: Instant, due: Instant?) {
        self.transfer = transfer
        self.status = status
        self.created = created
        self.due = due
    }
}

/// The state of a pending transfer.
@usableFromInline package enum PendingStatus: String, Sendable, CaseIterable {
    case pending, posted, voided, expired
}

extension PendingStatus: RowValue {}
