package import AgentKit
import EventLog
import JSON
import Rules

/// Comparison of a provider's statement with the ledger's account of it, line by line and by reference.
///
/// Of each reference and currency, lines of the same amount are the same movement, whatever their dates: a provider books
/// later than it reports. What remains on both sides differs; what remains on one is missing from the other. Money that
/// came in at the provider is a debit of its account in the ledger, which lends it to a wallet.
package struct Reconciliation {
    /// A line that is not the same on both sides.
    package struct Finding: Sendable, Hashable {
        package enum Kind: String, Sendable {
            /// The ledger has it, the statement does not.
            case missing
            /// The statement has it, the ledger does not.
            case extra
            /// Both have the reference, with other amounts.
            case different
        }

        package let kind: Kind
        package let reference: String
        package let currency: String
        /// In minor units, positive for money that came in at the provider; nil where the statement has no such line.
        package let stated: Int64?
        /// The statement's line, from 1.
        package let line: Int?
        /// `YYYY-MM-DD`, as the statement has it.
        package let date: String?
        /// In minor units, likewise; nil where the ledger has no such movement.
        package let recorded: Int64?
        package let sequence: EntrySequence?
        package let time: Instant?
    }

    /// The totals of one currency, in minor units.
    package struct Sum: Sendable, Hashable {
        package let currency: String
        package var stated = Total.zero
        package var recorded = Total.zero
    }

    /// A movement on the ledger's account, positive for money that came in at the provider.
    private struct Movement {
        let amount: Int64
        let sequence: EntrySequence
        let time: Instant
    }

    private struct Key: Hashable {
        let reference: String
        let currency: String
    }

    package let account: String
    /// By reference and currency in byte order, then by line.
    package let findings: [Finding]
    /// By currency in byte order.
    package let sums: [Sum]
    package let matched: Int
    package let formatter: EntryFormatter

    package var agrees: Bool { findings.isEmpty }

    /// - Parameters:
    ///   - account: `gateway/bank`, for its accounts in all currencies, or one of these, `gateway/bank/PKR`.
    ///   - from: the first local day of the ledger's movements that count, `YYYY-MM-DD`; nil counts from the first one.
    ///   - to: the last one.
    /// - Throws: `ReplayError` if the log cannot be read or has no such account.
    package init(
        _ statement: Statement, _ account: String, in replay: Replay, from: String? = nil, to: String? = nil
    ) throws(ReplayError) {
        self.account = account
        formatter = replay.formatter
        let accounts = Self.accounts(account, in: replay)
        guard !accounts.isEmpty else { throw ReplayError(.outOfRange, "there is no account `\(account)`") }
        var recorded: [Key: [Movement]] = [:]
        for account in accounts {
            try TransferHistory.scan(replay.log, account: account) { line in
                guard line.effect == .posted || line.effect == .heldPosted else { return true }
                let isIn = line.debitAccount == account
                recorded[Key(reference: line.reference, currency: line.currency), default: []].append(
                    Movement(amount: isIn ? line.amount : -line.amount, sequence: line.sequence, time: line.time))
                return true
            }
        }
        let currencies = Set(accounts.map { $0.split(separator: "/").last.map(String.init) ?? "" })
        let isOneAccount = accounts == [account]
        let stated = Dictionary(
            grouping: statement.lines.filter { !isOneAccount || currencies.contains($0.currency) },
            by: { Key(reference: $0.reference, currency: $0.currency) })
        let formatter = formatter
        func isInPeriod(_ movement: Movement) -> Bool {
            let day = formatter.day(movement.time)
            return (from.map { $0 <= day } ?? true) && (to.map { day <= $0 } ?? true)
        }
        var findings: [Finding] = []
        var sums: [String: Sum] = [:]
        var matched = 0
        for key in Set(recorded.keys).union(stated.keys).sorted(by: Self.precedes) {
            var sum = sums[key.currency] ?? Sum(currency: key.currency)
            let lines = stated[key] ?? []
            let (pairs, left, right) = Self.match(lines, recorded[key] ?? [])
            matched += pairs.count
            for line in lines { sum.stated += Amount(line.amount) }
            let rest = right.filter(isInPeriod)
            for movement in pairs + rest { sum.recorded += Amount(movement.amount) }
            findings += Self.findings(key, left, rest)
            sums[key.currency] = sum
        }
        self.findings = findings
        self.sums = sums.values.sorted { $0.currency.utf8.lexicographicallyPrecedes($1.currency.utf8) }
        self.matched = matched
    }

    /// The accounts of that name, or of that name in any currency.
    private static func accounts(_ account: String, in replay: Replay) -> [String] {
        if replay.account(account) != nil { return [account] }
        var found: [String] = []
        replay.accounts { line in
            if line.id == account + "/" + line.currency { found.append(line.id) }
            return true
        }
        return found
    }

    private static func precedes(_ a: Key, _ b: Key) -> Bool {
        if a.reference != b.reference { return a.reference.utf8.lexicographicallyPrecedes(b.reference.utf8) }
        return a.currency.utf8.lexicographicallyPrecedes(b.currency.utf8)
    }

    /// The movements that have a line of the same amount, and what is left of both.
    private static func match(
        _ lines: [Statement.Line], _ movements: [Movement]
    ) -> (pairs: [Movement], lines: [Statement.Line], movements: [Movement]) {
        var unmatched = Dictionary(grouping: movements.indices, by: { movements[$0].amount })
        var pairs: [Movement] = []
        var taken: Set<Int> = []
        let left = lines.filter { line in
            guard var indices = unmatched[line.amount], !indices.isEmpty else { return true }
            let index = indices.removeFirst()
            unmatched[line.amount] = indices
            taken.insert(index)
            pairs.append(movements[index])
            return false
        }
        return (pairs, left, movements.indices.filter { !taken.contains($0) }.map { movements[$0] })
    }

    private static func findings(_ key: Key, _ lines: [Statement.Line], _ movements: [Movement]) -> [Finding] {
        (0..<max(lines.count, movements.count)).map { index in
            let line = index < lines.count ? lines[index] : nil
            let movement = index < movements.count ? movements[index] : nil
            return Finding(
                kind: line == nil ? .missing : movement == nil ? .extra : .different, reference: key.reference,
                currency: key.currency, stated: line?.amount, line: line?.number, date: line?.date,
                recorded: movement?.amount, sequence: movement?.sequence, time: movement?.time)
        }
    }
}
