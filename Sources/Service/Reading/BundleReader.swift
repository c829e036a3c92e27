import Audit

/// Reader of dispute bundles: the log is folded and decisions are derived again, one bundle at a time.
struct BundleReader: Sendable {
    let reader: LogReader
    let history: ReadPool

    private enum Found: Sendable {
        case bundle([UInt8])
        case nothing
        case failure
    }

    func bundle(_ subject: DisputeSubject, for connection: Connection) async throws(ProblemReply) -> Reply {
        let reader = reader
        let found: Found = try await history.run(for: connection) {
            do throws(ReplayError) {
                let made = try DisputeBundle.make(subject, from: reader.log) { connection.isGone }
                return made.map { .bundle($0.bytes) } ?? .nothing
            } catch {
                return .failure
            }
        }
        switch found {
        case .bundle(let bytes): return .json(bytes)
        case .nothing: throw .notFound("no entry is about `\(subject)`")
        case .failure: throw .failure
        }
    }
}
