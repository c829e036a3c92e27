import Audit
import Engine

/// One record of a projection: as it is now, from the sequencer, which has what the caller wrote; or as it was.
struct RecordReader: Sendable {
    let sequencer: Sequencer
    let reader: LogReader
    /// Folding a history takes long: one at a time.
    let history: ReadPool

    /// A record's canonical JSON, and the newest entry it knows of.
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
                let past = try Replay(reader.log) { connection.isGone }
                try past.fold(to: moment)
                guard past.machine.projection(projection) != nil else { return .noProjection }
                guard let json = past.record(projection, key) else { return .noRecord }
                return .record(Record(json: json, sequence: past.position > 0 ? past.position - 1 : nil))
            } catch {
                return error.code == .outOfRange ? .notYet(error.description) : .failure
            }
        }
    }
}
