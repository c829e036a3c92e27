import Engine
import JSON
import NIOCore

/// A ledger without a service: requests are appended one at a time by this process, with the checks and the answers of
/// the socket.
package final class LocalLedger: Sendable {
    /// Who appends where nobody else is named.
    package static let localPrincipal = "local"

    /// What a client on the socket would get.
    package struct Answer: Sendable {
        /// The HTTP status.
        package let status: Int
        /// The JSON of the answer, or of the problem.
        package let body: [UInt8]
    }

    private let ledger: OpenLedger
    private let principal: String

    /// Opens a data directory as its one writer.
    package init(_ options: LedgerOptions, principal: String = localPrincipal) throws(ServiceError) {
        ledger = try OpenLedger(options)
        self.principal = principal
    }

    /// Appends one event, or a batch, given as JSON.
    package func append(
        _ body: [UInt8], isBatch: Bool = false, isAtomic: Bool = false, isDryRun: Bool = false
    ) async -> Answer {
        let reply: Reply
        do throws(ProblemReply) {
            let document: Document
            do throws(JSONError) { document = try Document.parse(body) } catch { throw ProblemReply(error) }
            let events = try EventBody(document, isBatch: isBatch)
            let access = await ledger.access(of: principal)
            do throws(Problem) { try access.requireCall("events.append") } catch { throw ProblemReply(error) }
            let options = AppendOptions(isAtomic: isAtomic, isDryRun: isDryRun)
            // Who may write the directory itself needs no permission for its clock.
            reply = await ledger.appender.append(events, options, by: access, mayMoveClock: true).reply
        } catch {
            reply = error.reply
        }
        guard case .bytes(let buffer) = reply.body else { return Answer(status: reply.status, body: []) }
        return Answer(status: reply.status, body: Array(buffer.readableBytesView))
    }

    /// Finishes, writes the views and lets others write.
    package func stop() { ledger.stop() }
}
