import AgentKit
import Audit
import Engine
package import EventLog
import Glibc
import JSON
import Rules

/// Export of what moved as a journal that hledger reads.
///
/// A header, one transaction an entry that moved money, then a trailer: every account and commodity declared, and a
/// transaction of nothing that asserts each balance as the ledger has it, so that `hledger check` proves that the
/// transactions lead to them. The last line says to which state of the log the journal is complete and where its trailer
/// begins; a continued journal has a new trailer in the old one's place.
package struct HledgerExport {
    private static let marker = "; docket-journal 1 "
    /// More than the last line can have.
    private static let lastLineBytesMax = 4096

    private let log: EventLog
    private let path: String

    package init(_ log: EventLog, to path: String) {
        self.log = log
        self.path = path
    }

    /// Writes the journal; the old file stands until the new one is whole and on the disk.
    /// - Parameters:
    ///   - resumes: keeps the transactions that the file holds, and writes those that it lacks.
    ///   - progress: called from time to time with the number of entries read.
    /// - Throws: `ExportError`, `EventLogError` or `ReplayError`.
    package func write(resumes: Bool, progress: (UInt64) -> Void) throws -> ExportResult {
        let state = try ExportState(newestOf: log)
        let before = resumes ? try Before.read(path, beginning: log) : nil
        let file = try FileWriter(replacing: path)
        var writer = JournalWriter(file)
        if let before {
            try writer.copy(before.trailerStart, from: path)
        } else {
            writer.line("; What moved in the ledger \(HledgerNames.description(log.origin)), exported by docket.")
            writer.line("decimal-mark .")
        }
        let replay = try Replay(log)
        var days = LocalDays()
        try replay.fold(until: state.size, changesOf: { _ in false }) { entry, _ in
            if replay.position % 4096 == 0 { progress(replay.position) }
            let day = days.day(of: entry.root, replay)
            guard replay.position > before?.size ?? 0 else { return true }
            writer.transaction(entry.root, on: day, PlainAmount(currencies: replay.currencies))
            return !file.hasFailed
        }
        trailer(&writer, replay, state, on: days.last)
        try file.finish()
        return ExportResult(state: state, start: before?.size ?? 0)
    }

    private func trailer(_ writer: inout JournalWriter, _ replay: Replay, _ state: ExportState, on day: String) {
        let start = writer.position
        let amounts = PlainAmount(currencies: replay.currencies)
        for line in Self.trailerHead(state.size).split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            writer.line(String(line))
        }
        var currencies: Set<String> = []
        replay.accounts { account in
            currencies.insert(account.currency)
            writer.line("account \(HledgerNames.account(account.id))")
            return true
        }
        for currency in currencies.sorted() {
            let decimals = String(repeating: "0", count: amounts.exponent(of: currency))
            writer.line("commodity \(HledgerNames.commodity(currency)) 1000." + decimals)
        }
        if !currencies.isEmpty {
            writer.line("")
            writer.line("\(day) balances of the ledger after \(state.size) entries")
            replay.accounts { account in
                let (name, symbol) = (HledgerNames.account(account.id), HledgerNames.commodity(account.currency))
                let none = amounts.text(Total.zero, account.currency),
                    balance = amounts.text(account.balance, account.currency)
                writer.line("    \(name)  \(symbol) \(none) = \(symbol) \(balance)")
                return true
            }
        }
        writer.line("")
        writer.line("; Complete to this checkpoint of the log:")
        for line in state.checkpoint.split(separator: "\n", omittingEmptySubsequences: false) {
            writer.line("; \(line)")
        }
        writer.line(Self.marker + "\(state.size) \(state.root) \(start) \(HledgerNames.description(state.origin))")
    }

    /// The first lines of the trailer.
    private static func trailerHead(_ size: UInt64) -> String { "\n; Accounts and balances after \(size) entries.\n" }

    fileprivate static func unreadable(_ path: String) -> ExportError {
        .unusable("`\(path)` is not a whole journal of docket: write it anew, without `--since`")
    }

    /// The state of a journal that was written before.
    private struct Before {
        let size: UInt64
        let trailerStart: UInt64

        /// - Returns: nil where there is no file.
        static func read(_ path: String, beginning log: EventLog) throws -> Before? {
            guard unsafe access(path, F_OK) == 0 else { return nil }
            guard let line = try lastLine(of: path), line.hasPrefix(marker) else {
                throw HledgerExport.unreadable(path)
            }
            let parts = line.dropFirst(marker.count).split(separator: " ", maxSplits: 3).map(String.init)
            guard parts.count == 4, let size = EntrySequence(decimal: parts[0])?.value,
                let start = EntrySequence(decimal: parts[2])?.value
            else { throw HledgerExport.unreadable(path) }
            guard parts[3] == HledgerNames.description(log.origin) else {
                throw ExportError.refused("`\(path)` is a journal of `\(parts[3])`, this ledger is `\(log.origin)`")
            }
            try ExportState.require(path, of: log.origin, size: size, root: parts[1], beginning: log)
            guard try holds(HledgerExport.trailerHead(size), at: start, of: path) else {
                throw ExportError.unusable(
                    "`\(path)` was changed since it was written: write it anew, without `--since`")
            }
            return Before(size: size, trailerStart: start)
        }

        /// Returns true if a file has these bytes at a place.
        private static func holds(_ text: String, at start: UInt64, of path: String) throws -> Bool {
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw PartialFile.failure("open", path) }
            defer { close(descriptor) }
            var bytes = [UInt8](repeating: 0, count: text.utf8.count)
            guard let place = off_t(exactly: start) else { return false }
            return unsafe pread(descriptor, &bytes, bytes.count, place) == bytes.count && bytes.elementsEqual(text.utf8)
        }

        /// The last line of a file, which must end in a line feed; nil for a file that does not.
        private static func lastLine(of path: String) throws -> String? {
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw PartialFile.failure("open", path) }
            defer { close(descriptor) }
            let end = lseek(descriptor, 0, SEEK_END)
            guard end >= 0 else { throw PartialFile.failure("read", path) }
            var bytes = [UInt8](repeating: 0, count: min(Int(clamping: end), lastLineBytesMax))
            let count = unsafe pread(descriptor, &bytes, bytes.count, end - off_t(bytes.count))
            guard count == bytes.count else { throw PartialFile.failure("read", path) }
            guard bytes.popLast() == 0x0A else { return nil }
            let start = bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
            return String(decoding: bytes[start...], as: UTF8.self)
        }
    }
}

/// The local day of entries as they come.
struct LocalDays {
    private var ruleSet: String?
    private var formatter = EntryFormatter()
    /// The latest so far, `YYYY-MM-DD`.
    private(set) var last = "1970-01-01"

    /// The day on which an entry was recorded, in the zone of the rules in force then.
    mutating func day(of entry: View, _ replay: Replay) -> String {
        if replay.ruleSet?.digest != ruleSet {
            ruleSet = replay.ruleSet?.digest
            formatter = replay.formatter
        }
        let time = entry["recordedtime"]?.string ?? ""
        let day = Instant(rfc3339: time).map { String(formatter.time($0).prefix(10)) } ?? last
        last = max(last, day)
        return day
    }
}

/// Writes a journal's lines and counts its bytes.
private struct JournalWriter {
    private let file: FileWriter
    private(set) var position: UInt64 = 0

    init(_ file: FileWriter) { self.file = file }

    mutating func line(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        position += UInt64(bytes.count)
        file.write(bytes)
    }

    /// Writes what an entry moved; nothing where it moved nothing.
    mutating func transaction(_ entry: View, on day: String, _ amounts: PlainAmount) {
        let moved = RecordedTransfer.all(in: entry).filter(\.moves)
        guard let first = moved.first else { return }
        let what = HledgerNames.description("\(first.purpose) \(first.reference)")
        line("")
        line("\(day) (\(LedgerTables.sequence(of: entry))) \(what)")
        for transfer in moved {
            let symbol = HledgerNames.commodity(transfer.currency)
            let amount = Int128(transfer.amount)
            let (debit, credit) = (amounts.text(-amount, transfer.currency), amounts.text(amount, transfer.currency))
            line("    \(HledgerNames.account(transfer.debitAccount))  \(symbol) \(debit)")
            line("    \(HledgerNames.account(transfer.creditAccount))  \(symbol) \(credit)")
        }
    }

    /// Writes the first bytes of a file.
    mutating func copy(_ count: UInt64, from path: String) throws {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw PartialFile.failure("open", path) }
        defer { close(descriptor) }
        var block = [UInt8](repeating: 0, count: 1 << 20)
        while position < count {
            let wanted = Int(min(UInt64(block.count), count - position))
            let read = retryingInterrupted { unsafe Glibc.read(descriptor, &block, wanted) }
            guard read >= 0 else { throw PartialFile.failure("read", path) }
            guard read > 0 else { throw HledgerExport.unreadable(path) }
            file.write(Array(block[..<read]))
            position += UInt64(read)
        }
    }
}
