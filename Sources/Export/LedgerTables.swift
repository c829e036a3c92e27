import AgentKit
import CEL
import Engine

/// A table of the exports to SQL databases.
struct SQLTable: Sendable {
    /// A column and the kind of its values.
    struct Column: Sendable {
        enum Kind: Sendable {
            case text, boolean, json
            /// RFC 3339 in UTC.
            case time
            /// Up to ±(2^53 − 1), amounts in minor units among them.
            case integer
            /// 128 bits: what many amounts come to.
            case total
        }

        let name: String
        let kind: Kind

        init(_ name: String, _ kind: Kind = .text) {
            self.name = name
            self.kind = kind
        }
    }

    let name: String
    /// The first `keyCount` are the primary key.
    let columns: [Column]
    let keyCount: Int

    init(_ name: String, keyCount: Int = 1, _ columns: [Column]) {
        self.name = name
        self.columns = columns
        self.keyCount = keyCount
    }
}

/// A value of a row.
enum Cell: Sendable, Hashable {
    case null
    case integer(Int64)
    case text(String)
    case boolean(Bool)
    case total(Total)
    /// Canonical JSON.
    case json([UInt8])

    static func text(_ text: String?) -> Cell { text.map { .text($0) } ?? .null }
    static func integer(_ number: Int64?) -> Cell { number.map { .integer($0) } ?? .null }
    static func sequence(_ sequence: UInt64) -> Cell { .integer(Int64(clamping: sequence)) }

    /// A text that databases take: PostgreSQL has none with U+0000.
    static func plain(_ text: String) -> String {
        text.utf8.contains(0) ? text.replacing("\u{0}", with: "\u{FFFD}") : text
    }
}

/// The tables of an export.
struct LedgerTables: Sendable {
    /// The projections that have a table of their own, with every member of their records as a column.
    static let recordNames = ["orders", "complaints", "fines", "users", "franchises"]
    /// The projections whose records are counted up with nearly every entry, and which nothing is decided by that is not
    /// in other tables: their history would be larger than the log.
    static let unkept: Set<String> = ["agents", "offers", "reports", "tastes"]

    static let entries = SQLTable(
        "entries",
        [
            .init("sequence", .integer), .init("type"), .init("time", .time), .init("subject"), .init("source"),
            .init("id"), .init("authority"), .init("cause", .integer), .init("correlation"), .init("agent"),
            .init("rule"), .init("ruleset"), .init("because"), .init("said"), .init("person"), .init("hash"),
            .init("data", .json),
        ])
    static let transfers = SQLTable(
        "transfers", keyCount: 2,
        [
            .init("sequence", .integer), .init("position", .integer), .init("time", .time), .init("id"),
            .init("debit_account"), .init("credit_account"), .init("amount", .integer), .init("currency"),
            .init("code", .integer), .init("purpose"), .init("reference"), .init("effect"), .init("held_id"),
        ])
    static let balances = SQLTable(
        "balances",
        [
            .init("account"), .init("currency"), .init("balance", .total), .init("available", .total),
            .init("debits_posted", .total), .init("credits_posted", .total), .init("debits_pending", .total),
            .init("credits_pending", .total), .init("closed", .boolean),
        ])
    static let history = SQLTable(
        "history", keyCount: 3,
        [
            .init("projection"), .init("key"), .init("from_sequence", .integer), .init("to_sequence", .integer),
            .init("record", .json),
        ])

    /// By the name of their projection.
    let records: [String: SQLRecordTable]

    /// The tables of the records that this program has.
    init(_ machine: Machine) {
        var records: [String: SQLRecordTable] = [:]
        for name in Self.recordNames {
            guard let type = machine.tables.named(name)?.recordTypes.first else { continue }
            records[name] = SQLRecordTable(name, type)
        }
        records["fines"] = SQLRecordTable.fines
        self.records = records
    }

    /// All tables, in a fixed order.
    var all: [SQLTable] {
        [Self.entries, Self.transfers, Self.balances] + Self.recordNames.compactMap { records[$0]?.shape }
            + [Self.history]
    }
}

/// The table of a projection: the key as `id`, then every other member of its records under its name with underscores.
struct SQLRecordTable: Sendable {
    let shape: SQLTable
    /// The members of the columns after the first.
    let members: [String]

    init(_ name: String, _ type: RecordType) {
        let fields = type.fields.filter { $0.name != "id" }
        members = fields.map(\.name)
        shape = SQLTable(name, [.init("id")] + fields.map { .init(Self.snake($0.name), Self.kind($0.type)) })
    }

    private init(_ name: String, _ members: [(String, SQLTable.Column.Kind)]) {
        self.members = members.map(\.0)
        shape = SQLTable(name, [.init("id")] + members.map { .init(Self.snake($0.0), $0.1) })
    }

    /// Fines lie in a table that the rules declare: these are the members that they have in the rules of this program.
    static let fines = SQLRecordTable(
        "fines",
        [
            ("complaintId", .text), ("party", .text), ("partyId", .text), ("harmedId", .text), ("tier", .text),
            ("currency", .text), ("amount", .integer), ("paid", .integer), ("owed", .integer), ("status", .text),
        ])

    private static func kind(_ type: CELType) -> SQLTable.Column.Kind {
        switch type {
        case .string: .text
        case .bool: .boolean
        case .int, .uint, .money: .integer
        case .timestamp: .time
        case .optional(let inner): kind(inner)
        default: .json
        }
    }

    /// `refundAmount` as `refund_amount`.
    static func snake(_ name: String) -> String {
        var text = ""
        for character in name {
            if character.isUppercase, !text.isEmpty { text.append("_") }
            text.append(character.lowercased())
        }
        return text
    }
}
