import Audit
import CommandKit
import Engine
import EventLog
import Service

/// `docket export --person`: what the ledger holds about one person, for the person (GDPR, article 15).
struct PersonExportRun {
    let person: String
    let file: String
    let data: DataOptions
    let signing: SigningKeyOptions
    let output: OutputOptions

    /// Writes the file, which nobody else may read.
    /// - Throws: `Failure` where nothing is known of the person, or it cannot run.
    func run() throws {
        let log = try EventLog.openReader(directory: data.directory.log)
        let key = try signing.open(data.directory, of: log)
        let progress = Progress("reading", total: log.size)
        let export: PersonExport
        do {
            let ring = try PersonKeyRing(directory: data.directory.keys, ledgerKey: key.key(for: PersonKeys.purpose))
            export = try PersonExport(
                of: person, in: log,
                open: { field in
                    switch ring.unseal(field, userId: person) {
                    case .value(let text): .value(text)
                    case .erased: .erased
                    case .unreadable: .unreadable
                    }
                }, progress: { progress.update($0) })
        } catch {
            throw Failure(.couldNotRun, "\(error)")
        }
        progress.finish()
        guard export.entries > 0 else { throw Failure(.refused, "no entry is about `\(person)`") }
        if file == "-" { return Console.file(export.json) }
        do throws(DataDirectoryError) { try Files.write(export.json, to: file, mode: 0o600) } catch {
            throw Failure(.couldNotRun, error.description)
        }
        if output.json {
            struct Exported: Encodable { let entries: Int, file: String, person: String, records: Int }
            try Console.json(
                Exported(entries: export.entries, file: file, person: person, records: export.records))
        } else {
            Console.message(
                "\(Text.grouped(UInt64(export.entries))) entries and \(Text.grouped(UInt64(export.records))) records"
                    + " about `\(person)` to `\(file)`, which only you may read")
        }
    }
}
