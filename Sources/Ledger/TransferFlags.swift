/// What kind of transfer it is.
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

    /// Whether it resolves a pending transfer.
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
