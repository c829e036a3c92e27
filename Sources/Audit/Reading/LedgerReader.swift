package import Engine
package import EventLog
import JSON

/// Reads a ledger for people, from its data directory and beside a running service.
package struct LedgerReader {
    package let log: EventLog
    package let layout: Layout

    /// Reads the log in a folder.
    package init(logDirectory: String) throws {
        log = try EventLog.openReader(directory: logDirectory)
        layout = try Layout.of(log)
    }

    /// One entry, or the state of one thing, as text and as JSON.
    package struct Page {
        package let text: String
        /// Canonical, on one line.
        package let json: [UInt8]
    }

    /// One entry; nil where the log is not that long. Of an erased person nothing sealed is left.
    package func entry(_ sequence: UInt64) throws -> Page? {
        guard let bytes = try log.entry(sequence) else { return nil }
        let entry = try Document(adopting: bytes)
        let shown = try ErasedFields(log: log).shown(entry.root)
        return Page(
            text: layout.sheet(ofEntry: (shown ?? entry).root, bytes: bytes), json: shown?.bytes ?? bytes)
    }

    /// A record as it was at a point, in the projection that `name` finds among those that there were then.
    /// - Returns: nil where `name` finds none; without a page where there was no such record.
    package func record(
        _ key: String, in name: (Replay) -> String?, at moment: Moment?, progress: ((UInt64) -> Void)? = nil
    ) throws -> (page: Page?, projection: String)? {
        let replay = try Replay(log)
        try replay.fold(to: moment, progress: progress)
        guard let projection = name(replay) else { return nil }
        return (try page(projection, key, replay), projection)
    }

    private func page(_ projection: String, _ key: String, _ replay: Replay) throws -> Page? {
        guard let bytes = replay.record(projection, key) else { return nil }
        let record = try Document(adopting: bytes).root
        let text = Layout(replay.ruleSet).sheet(
            ofRecord: record, amounts: replay.amounts(of: projection), currency: currency(of: record, key, replay))
        return Page(text: text, json: bytes)
    }

    /// The currency of a record that names none: its order's, or the last part of an account's name.
    private func currency(of record: View, _ key: String, _ replay: Replay) -> String? {
        if let order = record["orderId"]?.string, let bytes = replay.record("orders", order) {
            return (try? Document(adopting: bytes))?.root["currency"]?.string
        }
        return key.split(separator: "/").last.map(String.init)
    }
}
