/// The scripts of an export to PostgreSQL.
enum PostgresSchema {
    /// Makes the tables where they do not exist.
    static func schema(_ tables: [SQLTable]) -> String {
        var lines = [
            "-- The tables of a ledger exported by docket. `\\i load.sql`, run in this folder, fills them.",
            "create table if not exists meta (name text primary key, value text);",
        ]
        for table in tables {
            let columns = table.columns.map { "  \"\($0.name)\" \(type($0.kind))" }
            lines.append(
                "create table if not exists \(table.name) (\n" + columns.joined(separator: ",\n")
                    + ",\n  primary key (\(key(table)))\n);")
        }
        lines += [
            "create index if not exists entries_type on entries (type);",
            "create index if not exists entries_subject on entries (subject);",
            "create index if not exists transfers_debit on transfers (debit_account);",
            "create index if not exists transfers_credit on transfers (credit_account);",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func type(_ kind: SQLTable.Column.Kind) -> String {
        switch kind {
        case .text: "text"
        case .boolean: "boolean"
        case .json: "json"
        case .time: "timestamptz"
        case .integer: "bigint"
        case .total: "numeric(39)"
        }
    }

    private static func key(_ table: SQLTable) -> String {
        table.columns.prefix(table.keyCount).map { "\"\($0.name)\"" }.joined(separator: ", ")
    }

    /// Loads the files of a whole export in place of what the tables hold.
    static func load(_ tables: [SQLTable]) -> String {
        var lines = begin + ["truncate meta, \(tables.map(\.name).joined(separator: ", "));"]
        lines += (["meta"] + tables.map(\.name)).map { copy($0, from: $0) }
        return (lines + ["commit;"]).joined(separator: "\n") + "\n"
    }

    /// Loads the files of a continued export over a database that holds the state before: new rows come in by way of
    /// temporary tables, in place of those of the same key.
    /// - Parameter root: base64 of the root that the database must hold.
    static func loadMore(_ tables: [SQLTable], behind size: UInt64, root: String) -> String {
        var lines =
            begin + [
                "do $$ begin",
                "  if (select value from meta where name = 'root') is distinct from '\(root)' then",
                "    raise exception 'these files continue a database of \(size) entries, root \(root), which this is not:"
                    + " load what comes before, or a whole export';",
                "  end if;",
                "end $$;",
                "create temporary table staged_removed (projection text, key text) on commit drop;",
                copy("staged_removed", from: "removed"),
            ]
        let meta = SQLTable("meta", [.init("name"), .init("value")])
        for table in [meta] + tables {
            lines += [
                "create temporary table staged_\(table.name) (like \(table.name)) on commit drop;",
                copy("staged_" + table.name, from: table.name),
            ]
            if table.keyCount == 1, table.name != "meta", table.name != "entries" {
                lines.append(
                    "delete from \(table.name) where \(key(table)) in"
                        + " (select key from staged_removed where projection = '\(table.name)');")
            }
            let changes = table.columns.dropFirst(table.keyCount).map { "\"\($0.name)\" = excluded.\"\($0.name)\"" }
            lines.append(
                "insert into \(table.name) select * from staged_\(table.name) on conflict (\(key(table))) do update set "
                    + changes.joined(separator: ", ") + ";")
        }
        return (lines + ["commit;"]).joined(separator: "\n") + "\n"
    }

    private static let begin = ["\\set ON_ERROR_STOP on", "begin;"]

    private static func copy(_ table: String, from file: String) -> String {
        "\\copy \(table) from '\(file).csv' with (format csv)"
    }
}
