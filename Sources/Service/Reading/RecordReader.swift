import Engine

/// One record of a projection: as it is now, from the sequencer, which has what the caller wrote; or as it was.
struct RecordReader: Sendable {
    let sequencer: Sequencer
    let reader: LogReader
    let settings: LedgerSettings
    /// Folding a history takes long: one at a time.
    let history = ReadPool("history", threads: 1)

    /// A record's canonical JSON, and the newest entry it knows of.
    struct Record: Sendable {
        let json: [UInt8]
        let sequence: UInt64?
    }

    private enum Found: Sendable {
        case record(Record)
        case noRecord
        case noProjection
        case failure
    }

    func record(_ projection: String, _ key: String, at moment: Moment?) async throws(ProblemReply) -> Record {
        switch await find(projection, key, at: moment) {
        case .record(let record): return record
        case .noRecord: throw .notFound("`\(projection)` has no record `\(key)`")
        case .noProjection: throw .notFound("there is no projection `\(projection)`")
        case .failure: throw .failure
        }
    }

    private func find(_ projection: String, _ key: String, at moment: Moment?) async -> Found {
        guard let moment else {
            return await sequencer.read { machine in
                guard machine.hasProjection(projection) else { return .noProjection }
                guard let json = machine.record(projection, key) else { return .noRecord }
                return .record(Record(json: json, sequence: machine.newest))
            }
        }
        let (log, settings) = (reader.log, settings)
        return await history.run {
            guard let past = try? PastLedger(log, settings: settings, until: moment) else { return .failure }
            guard past.hasProjection(projection) else { return .noProjection }
            guard let json = past.record(projection, key) else { return .noRecord }
            return .record(Record(json: json, sequence: past.newest))
        }
    }
}
