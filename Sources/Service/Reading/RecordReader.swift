import AgentKit
import Audit
import Engine
import JSON

/// Reader of single records: the present one from the sequencer, which has what the caller wrote; a past one from the
/// log, folded up to the moment asked for.
struct RecordReader: Sendable {
    let sequencer: Sequencer
    let reader: LogReader
    /// Pool in which histories are folded: one at a time, since that takes long.
    let history: ReadPool

    /// A record's canonical JSON, and the sequence of the newest entry that it reflects.
    struct Record: Sendable {
        let json: [UInt8]
        let sequence: UInt64?
    }

    private enum Found: Sendable {
        case record(Record)
        case noRecord
        case noProjection
        /// The moment has not come.
        case notYet(String)
        case failure
    }

    func record(
        _ projection: String, _ key: String, at moment: Moment?, for connection: Connection
    ) async throws(ProblemReply) -> Record {
        switch try await find(projection, key, at: moment, for: connection) {
        case .record(let record): return record
        case .noRecord: throw .notFound("`\(projection)` has no record `\(key)`")
        case .noProjection: throw .notFound("there is no projection `\(projection)`")
        case .notYet(let message): throw .notFound(message)
        case .failure: throw .failure
        }
    }

    private func find(
        _ projection: String, _ key: String, at moment: Moment?, for connection: Connection
    ) async throws(ProblemReply) -> Found {
        guard let moment else {
            return await sequencer.read { machine in
                guard machine.projection(projection) != nil else { return .noProjection }
                guard let json = machine.record(projection, key) else { return .noRecord }
                return .record(Record(json: json, sequence: machine.newest))
            }
        }
        let reader = reader
        return try await history.run(for: connection) {
            do throws(ReplayError) {
                guard reader.size > 0 else { return .noRecord }
                let past = try Replay.asOf(moment, in: reader.log, isAbandoned: { connection.isGone })
                guard past.machine.projection(projection) != nil else { return .noProjection }
                guard let json = past.record(projection, key) else { return .noRecord }
                return .record(Record(json: json, sequence: past.position > 0 ? past.position - 1 : nil))
            } catch {
                return error.code == .outOfRange ? .notYet(error.description) : .failure
            }
        }
    }
}

/// An account as clients see it: its row, with the id, the balance and what is available, in minor units.
struct AccountRecord {
    /// The projection of accounts.
    static let projection = "accounts"

    let json: [UInt8]

    /// Nil where the row is not an account's.
    init?(id: String, row: [UInt8]) {
        guard let root = try? Document(adopting: row).root,
            let creditsPosted = Total(root["creditsPosted"]), let debitsPosted = Total(root["debitsPosted"]),
            let debitsPending = Total(root["debitsPending"])
        else { return nil }
        var writer = CanonicalWriter(capacity: row.count + 256)
        let written: Void? = try? writer.object { writer throws(JSONError) in
            root.forEachMember { name, value in
                writer.key(name)
                writer.value(value)
            }
            writer.key("id")
            writer.string(id)
            writer.key("balance")
            (creditsPosted - debitsPosted).write(to: &writer)
            writer.key("available")
            (creditsPosted - debitsPosted - debitsPending).write(to: &writer)
        }
        guard written != nil else { return nil }
        json = writer.bytes
    }
}

/// Reader of explanations: an entry's trigger is decided again, on the state before it.
struct ExplanationReader: Sendable {
    let reader: LogReader
    let history: ReadPool

    enum Form: Sendable {
        case json
        /// `verbose` adds what engineers look for.
        case text(verbose: Bool)
    }

    private enum Found: Sendable {
        case explanation(Reply)
        /// There is no such entry, or there are no such rules.
        case absent(String)
        case failure
    }

    /// - Parameter rules: rules under which the trigger is decided once more.
    func explain(
        _ sequence: UInt64, as form: Form, under rules: RulesAsked?, for connection: Connection
    ) async throws(ProblemReply) -> Reply {
        let log = reader.log
        guard sequence < reader.size else { throw .notFound("the log has no entry \(sequence)") }
        let found: Found = try await history.run(for: connection) {
            do throws(ReplayError) {
                let explanation = try Explainer(log) { connection.isGone }.explain(sequence, under: rules)
                switch form {
                case .json: return .explanation(Reply.json(explanation.json))
                case .text(let isVerbose):
                    let text = Array(explanation.text(verbose: isVerbose).utf8)
                    return .explanation(Reply(status: 200, type: "text/plain; charset=utf-8", text))
                }
            } catch {
                let isAbsent = error.code == .outOfRange || error.code == .unknownRules
                return isAbsent ? .absent(error.description) : .failure
            }
        }
        switch found {
        case .explanation(let reply): return reply
        case .absent(let message): throw .notFound(message)
        case .failure: throw .failure
        }
    }
}
