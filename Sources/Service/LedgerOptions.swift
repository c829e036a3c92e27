package import Engine

/// How a ledger is opened for writing.
package struct LedgerOptions: Sendable {
    package let data: DataDirectory
    /// What unseals the signing key, where it is sealed.
    package var passphrase: [UInt8]?
    /// The most that `log/` may grow to, in bytes; nil is as it was made or enlarged.
    package var mapBytes: Int?
    /// Where a ledger on the system clock has its time from.
    package var clock = SystemClock.machine
    /// Milliseconds by which the system's clock may be set while the ledger is open; nil believes every clock.
    package var clockJumpMax: Int64? = ClockWatch.jumpMaxDefault

    package init(data: DataDirectory, passphrase: [UInt8]? = nil, mapBytes: Int? = nil) {
        self.data = data
        self.passphrase = passphrase
        self.mapBytes = mapBytes
    }
}
