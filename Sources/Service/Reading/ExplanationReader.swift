import Audit
import Engine

/// Why an entry is in the log: its trigger is decided on again, on the state before it.
struct ExplanationReader: Sendable {
    let reader: LogReader
    let history: ReadPool

    enum Form: Sendable {
        case json
        case text
    }

    private enum Found: Sendable {
        case explanation([UInt8])
        case noEntry(String)
        case failure
    }

    func explain(
        _ sequence: UInt64, as form: Form, for connection: Connection
    ) async throws(ProblemReply) -> Reply {
        let log = reader.log
        guard sequence < reader.size else { throw .notFound("the log has no entry \(sequence)") }
        let found: Found = try await history.run(for: connection) {
            do throws(ReplayError) {
                let explanation = try Explainer(log) { connection.isGone }.explain(sequence)
                return .explanation(form == .json ? explanation.json : Array(explanation.text.utf8))
            } catch {
                return error.code == .outOfRange ? .noEntry(error.description) : .failure
            }
        }
        switch found {
        case .explanation(let bytes):
            return form == .json ? .json(bytes) : Reply(status: 200, type: "text/plain; charset=utf-8", bytes)
        case .noEntry(let message): throw .notFound(message)
        case .failure: throw .failure
        }
    }
}
