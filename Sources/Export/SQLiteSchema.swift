/// The tables of an SQLite export: those of `LedgerTables`, a full-text index of entries, and an auditor's views.
enum SQLiteSchema {
    /// Raised when an export of an older program can no longer be continued.
    static let format = "1"

    /// The statements that make an empty database.
    static func statements(_ tables: [SQLTable]) -> [String] {
        ["CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID"]
            + tables.map(create) + indexes + search + views
    }

    private static func create(_ table: SQLTable) -> String {
        let columns = table.columns.map { "\"\($0.name)\" \(type($0.kind))" }
        let key = table.columns.prefix(table.keyCount).map { "\"\($0.name)\"" }.joined(separator: ", ")
        // The entries' sequence is the row's id, which the full-text index refers to.
        return "CREATE TABLE \(table.name) (\(columns.joined(separator: ", ")), PRIMARY KEY (\(key)))"
            + (table.name == "entries" ? "" : " WITHOUT ROWID")
    }

    private static func type(_ kind: SQLTable.Column.Kind) -> String {
        switch kind {
        case .text, .json, .time: "TEXT"
        case .integer, .boolean: "INTEGER"
        // Beyond ±(2^53 − 1) a decimal text, which a numeric column would round.
        case .total: "BLOB"
        }
    }

    /// The statement that puts a row in the place of the one of its key.
    static func upsert(_ table: SQLTable) -> String {
        let names = table.columns.map { "\"\($0.name)\"" }
        let key = names.prefix(table.keyCount).joined(separator: ", ")
        let changes = names.dropFirst(table.keyCount).map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        return "INSERT INTO \(table.name) (\(names.joined(separator: ", "))) VALUES "
            + "(\(names.map { _ in "?" }.joined(separator: ", "))) ON CONFLICT (\(key)) DO UPDATE SET \(changes)"
    }

    private static let indexes = [
        "CREATE INDEX entries_type ON entries (type)",
        "CREATE INDEX entries_subject ON entries (subject)",
        "CREATE INDEX entries_cause ON entries (cause)",
        "CREATE INDEX entries_rule ON entries (rule)",
        "CREATE INDEX transfers_debit ON transfers (debit_account)",
        "CREATE INDEX transfers_credit ON transfers (credit_account)",
        "CREATE INDEX transfers_reference ON transfers (reference)",
    ]

    private static let search = [
        """
        CREATE VIRTUAL TABLE entries_search USING fts5 (
          said, because, subject, type, content = 'entries', content_rowid = 'sequence', tokenize = "unicode61 tokenchars '-_'")
        """,
        """
        CREATE TRIGGER entries_inserted AFTER INSERT ON entries BEGIN
          INSERT INTO entries_search (rowid, said, because, subject, type)
          VALUES (new.sequence, new.said, new.because, new.subject, new.type);
        END
        """,
        """
        CREATE TRIGGER entries_updated AFTER UPDATE ON entries BEGIN
          INSERT INTO entries_search (entries_search, rowid, said, because, subject, type)
          VALUES ('delete', old.sequence, old.said, old.because, old.subject, old.type);
          INSERT INTO entries_search (rowid, said, because, subject, type)
          VALUES (new.sequence, new.said, new.because, new.subject, new.type);
        END
        """,
    ]

    private static let views = [
        """
        CREATE VIEW movements AS
          SELECT debit_account AS account, -amount AS amount, credit_account AS other, currency, purpose, reference,
            effect, sequence, position, time FROM transfers WHERE effect IN ('posted', 'heldPosted')
          UNION ALL
          SELECT credit_account, amount, debit_account, currency, purpose, reference, effect, sequence, position, time
            FROM transfers WHERE effect IN ('posted', 'heldPosted')
        """,
        """
        CREATE VIEW fines_by_franchise AS
          SELECT party_id AS franchise, currency, count(*) AS fines, sum(amount) AS amount, sum(paid) AS paid,
            sum(owed) AS owed FROM fines WHERE party = 'franchise' GROUP BY party_id, currency
        """,
        "CREATE VIEW open_complaints AS SELECT * FROM complaints WHERE status <> 'closed'",
        """
        CREATE VIEW decisions_by_rule AS
          SELECT rule, type, count(*) AS decisions, min(sequence) AS first, max(sequence) AS last
          FROM entries WHERE rule IS NOT NULL GROUP BY rule, type
        """,
        // Empty in a sound ledger: currencies whose balances do not sum to zero, and accounts whose balance is not what
        // moved on them.
        """
        CREATE VIEW sums_not_zero AS
          SELECT currency, count(*) AS accounts, sum(balance) AS sum FROM balances GROUP BY currency HAVING sum(balance) <> 0
        """,
        """
        CREATE VIEW accounts_not_their_movements AS
          SELECT b.account, b.currency, b.balance, coalesce(m.moved, 0) AS moved
          FROM balances b LEFT JOIN (SELECT account, sum(amount) AS moved FROM movements GROUP BY account) m
            ON m.account = b.account
          WHERE b.balance <> coalesce(m.moved, 0)
        """,
        """
        CREATE VIEW records AS
          SELECT projection, "key", from_sequence AS since, record FROM history WHERE to_sequence IS NULL
        """,
    ]
}
