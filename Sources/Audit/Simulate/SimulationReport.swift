package import AgentKit
import Engine
import EventLog
package import JSON
import Rules

/// The result of a simulation: what another world decided otherwise, and what money stands elsewhere in it.
package struct SimulationReport {
    /// Differences listed one by one; more are counted.
    package static let differencesMax = 1000
    /// Triggers whose differences are explained.
    package static let largestMax = 10
    /// Decisions shown of one of them.
    static let decisionsMax = 20

    /// The ledger's origin.
    package let origin: String
    /// The first sequence that was derived.
    package let from: UInt64
    /// The number of entries of the log that were gone through, and the root of the tree over them, in base64.
    package let to: UInt64
    package let root: String
    package let simulatedEntries: UInt64
    /// The digest of the rule set under which everything was derived; nil where it followed those of the log.
    package let ruleSet: String?
    package let without: [UInt64]
    package let with: [Added]
    /// Decisions of the log that the other world lacks.
    package private(set) var lost = 0
    /// Decisions that only the other world has.
    package private(set) var gained = 0
    /// Decisions that both have and that differ, those included that differ in their reason alone.
    package private(set) var changed = 0
    /// Decisions that differ in their reason alone.
    package private(set) var reasons = 0
    package private(set) var types: [String: TypeCounts] = [:]
    package let firings: Firings
    /// Triggers of the log that the ingress would have refused.
    package let notAdmitted: [NotAdmitted]
    package let notAdmittedCount: Int
    /// The accounts that stand otherwise, the largest difference first.
    package private(set) var accounts: [AccountDifference] = []
    /// Every currency of either world, in byte order.
    package private(set) var currencies: [CurrencyDifference] = []
    /// The first differences, in the order of their triggers.
    package private(set) var differences: [Difference] = []
    /// The triggers whose cascades moved the most money otherwise, or else differ most.
    package private(set) var largest: [Trigger] = []
    /// The condition under which the report counts as failed.
    package var failIf: FailIf?
    let formatter: EntryFormatter

    /// Events that came in the other world alone.
    package struct Added: Sendable, Hashable {
        package let sequence: UInt64
        /// SHA-256 of each event in canonical form, in hex.
        package let events: [String]
    }

    package struct TypeCounts: Sendable, Hashable {
        package var lost = 0
        package var gained = 0
        package var changed = 0

        package init(lost: Int = 0, gained: Int = 0, changed: Int = 0) {
            (self.lost, self.gained, self.changed) = (lost, gained, changed)
        }
    }

    /// Timers, schedules and rows that fired in one world alone, or at another time.
    package struct Firings: Sendable, Hashable {
        package let lost: Int
        package let gained: Int
        package let moved: Int
    }

    package struct NotAdmitted: Sendable, Hashable {
        package let sequence: UInt64
        package let type: String
        package let why: String
    }

    /// An account that stands otherwise at the end, in minor units.
    package struct AccountDifference: Sendable, Hashable {
        package let account: String
        package let currency: String
        package let recorded: Total
        package let simulated: Total
        package var difference: Total { simulated - recorded }
    }

    package struct CurrencyDifference: Sendable, Hashable {
        package let currency: String
        /// The number of accounts that stand otherwise.
        package var accounts = 0
        /// The sum of what accounts have more in the other world.
        package var moved = Total.zero
        /// The sum of all balances of the log and of the other world; 0 in a sound ledger.
        package var recorded = Total.zero
        package var simulated = Total.zero
    }

    /// One decision that differs, as both worlds have it.
    package struct Difference: Sendable {
        /// `lost`, `gained`, `changed`, or `reason` where nothing else changed.
        package let kind: String
        package let recorded: Document?
        package let simulated: Document?
    }

    /// A trigger with everything that follows otherwise from it.
    package struct Trigger: Sendable {
        package let entry: Document?
        /// Indicates that the trigger is of the log.
        package let isRecorded: Bool
        package let count: Int
        package let differences: [Difference]
        /// The accounts to which both worlds posted other sums.
        let money: [MovedMoney]
    }

    package struct FailIf: Sendable, Hashable {
        package let expression: String
        package let failed: Bool

        package init(expression: String, failed: Bool) { (self.expression, self.failed) = (expression, failed) }
    }

    /// Indicates that both worlds decided the same.
    package var isEmpty: Bool {
        lost + gained + changed + notAdmittedCount + firings.lost + firings.gained + firings.moved == 0
    }

    init(
        _ source: SimulationSource, _ world: SimulatedWorld, _ request: SimulationRequest,
        _ found: FoundDifferences, from: UInt64, to: UInt64
    ) throws {
        origin = source.log.origin
        (self.from, self.to) = (from, to)
        root = try reading { () throws(EventLogError) in try source.log.rootText(size: to) }
        simulatedEntries = source.entries.size
        ruleSet = world.hasOwnRules ? world.machine.ruleSet?.digest : nil
        without = request.without.sorted()
        with = request.with.map { added in
            Added(sequence: added.sequence, events: added.events.map { EntryChain.digest($0.event.bytes) })
        }
        firings = Firings(lost: found.lostFirings, gained: found.gainedFirings, moved: found.movedFirings)
        notAdmitted = found.notAdmitted.map { item in
            NotAdmitted(
                sequence: item.sequence, type: source.recorded(item.sequence)?.root.text("type") ?? "", why: item.why)
        }
        notAdmittedCount = found.notAdmittedCount
        formatter = EntryFormatter(world.machine.ruleSet)
        count(found)
        differences = found.list.prefix(Self.differencesMax).map { Difference($0, source) }
        var moved: [String: Total] = [:]
        largest = Self.largest(found, source, formatter, &moved)
        compareBalances(world, moved)
    }

    private mutating func count(_ found: FoundDifferences) {
        for difference in found.list {
            let type = found.types[difference.type]
            switch difference.kind {
            case .lost:
                lost += 1
                types[type, default: TypeCounts()].lost += 1
            case .gained:
                gained += 1
                types[type, default: TypeCounts()].gained += 1
            case .changed, .reason:
                changed += 1
                if difference.kind == .reason { reasons += 1 }
                types[type, default: TypeCounts()].changed += 1
            }
        }
    }

    // MARK: Triggers

    /// - Parameter moved: what is posted otherwise to each account is added to it.
    private static func largest(
        _ found: FoundDifferences, _ source: SimulationSource, _ formatter: EntryFormatter,
        _ moved: inout [String: Total]
    ) -> [Trigger] {
        var best: [(range: Range<Int>, money: [MovedMoney], weight: Int128)] = []
        let posted = found.types.firstIndex(of: TransferPosted.type)
        var start = 0
        while start < found.list.count {
            let origin = found.list[start].origin
            var end = start
            while end < found.list.count, found.list[end].origin == origin { end += 1 }
            let postings = found.list[start..<end].filter { $0.type == posted && $0.kind != .reason }
            let money =
                postings.isEmpty
                ? []
                : MovedMoney.differences(
                    derived: postings.compactMap { $0.simulated.flatMap(source.simulated) },
                    recorded: postings.compactMap { $0.recorded.flatMap(source.recorded) })
            for item in money { moved[item.account] = (moved[item.account] ?? .zero) + (item.derived - item.recorded) }
            let weight = money.reduce(Int128(0)) { $0 + formatter.weight(of: $1) }
            if best.count < largestMax || (weight, end - start) > (best.last?.weight ?? 0, best.last?.range.count ?? 0)
            {
                best.append((start..<end, money, weight))
                best.sort { ($0.weight, $0.range.count) > ($1.weight, $1.range.count) }
                if best.count > largestMax { best.removeLast() }
            }
            start = end
        }
        return best.map { item in
            let origin = found.list[item.range.lowerBound].origin
            return Trigger(
                entry: origin.recorded.flatMap(source.recorded) ?? origin.simulated.flatMap(source.simulated),
                isRecorded: origin.recorded != nil, count: item.range.count,
                differences: found.list[item.range].prefix(decisionsMax).map { Difference($0, source) },
                money: item.money)
        }
    }

    // MARK: Money

    private mutating func compareBalances(_ world: SimulatedWorld, _ moved: [String: Total]) {
        var sums: [String: CurrencyDifference] = [:]
        func note(_ account: String, _ currency: String, simulated: Total) {
            let recorded = simulated - (moved[account] ?? .zero)
            var sum = sums[currency] ?? CurrencyDifference(currency: currency)
            defer { sums[currency] = sum }
            sum.recorded += recorded
            sum.simulated += simulated
            guard recorded != simulated else { return }
            sum.accounts += 1
            if simulated > recorded { sum.moved += simulated - recorded }
            accounts.append(
                AccountDifference(account: account, currency: currency, recorded: recorded, simulated: simulated))
        }
        var seen: Set<String> = []
        if let table = world.machine.tables.named("accounts") {
            table.forEachKey { id in
                guard let line = table.value(id).map({ AccountLine(id, $0) }) else { return true }
                if moved[id] != nil { seen.insert(id) }
                note(id, line.currency, simulated: line.balance)
                return true
            }
        }
        // Accounts that the other world never opened.
        for account in moved.keys where !seen.contains(account) {
            note(account, account.split(separator: "/").last.map(String.init) ?? "", simulated: .zero)
        }
        let weights = Dictionary(
            accounts.map { ($0.account, formatter.weight(of: $0.difference, $0.currency)) }, uniquingKeysWith: max)
        accounts.sort { a, b in
            let (x, y) = (weights[a.account] ?? 0, weights[b.account] ?? 0)
            return x == y ? a.account.utf8.lexicographicallyPrecedes(b.account.utf8) : x > y
        }
        currencies = sums.values.sorted { $0.currency.utf8.lexicographicallyPrecedes($1.currency.utf8) }
    }
}

extension SimulationReport.Difference {
    init(_ found: FoundDifference, _ source: SimulationSource) {
        kind = found.kind.rawValue
        recorded = found.recorded.flatMap(source.recorded)
        simulated = found.simulated.flatMap(source.simulated)
    }
}

extension EntryFormatter {
    /// A sum by which differences in several currencies are ordered: it compares units, not minor units.
    fileprivate func weight(of total: Total, _ currency: String) -> Int128 {
        let size = Int128(total.minorUnits.magnitude & (1 << 96 - 1))
        return (0..<max(0, 6 - decimals(of: currency))).reduce(size) { sum, _ in sum &* 10 }
    }

    fileprivate func weight(of money: MovedMoney) -> Int128 {
        weight(
            of: money.derived - money.recorded, money.account.split(separator: "/").last.map(String.init) ?? "")
    }
}
