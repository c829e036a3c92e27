import AgentKit
import Engine
import EventLog
import JSON

/// `POST /v1/events/{sequence}/reveal`: the personal data of an entry, given out once the log says who read it.
struct RevealCall: Sendable {
    let ledger: OpenLedger

    /// The answer: 200 `{personal: {member: value}, revealed, sequence, unreadable: [member], userId}`.
    /// - Throws: `not-found` where the entry has no personal data, `erased`.
    func answer(_ call: Call, principal: String) async throws(ProblemReply) -> Reply {
        try call.query.allow()
        guard let number = QueryItems.number(call.path[2]) ?? EntrySequence(padded: call.path[2])?.value else {
            throw .notFound("`\(call.path[2])` is not a sequence")
        }
        let revelation: Revelation
        do throws(Problem) {
            revelation = try await ledger.sequencer.reveal(EntrySequence(number), principal: principal)
        } catch {
            throw ProblemReply(error)
        }
        ledger.signal.noteCommit()
        try? ledger.reader.log.refresh()
        guard let bytes = try? ledger.reader.log.entry(number), let data = try? Document(adopting: bytes).root["data"]
        else { throw .failure }
        return .json(json(data, number, revelation))
    }

    private func json(_ data: View, _ sequence: UInt64, _ revelation: Revelation) -> [UInt8] {
        var writer = CanonicalWriter(capacity: 1024)
        var unreadable: [String] = []
        writer.beginObject()
        writer.key("personal")
        writer.beginObject()
        data.forEachMember { name, value in
            guard value.isSealed else { return }
            // An erasure may have come in between.
            guard case .value(let text) = ledger.keys.unseal(value, userId: revelation.person) else {
                return unreadable.append(name)
            }
            writer.key(name)
            unsafe text.withUnsafeBytes { unsafe writer.raw($0) }
        }
        writer.endObject()
        writer.key("revealed")
        writer.int(Int64(clamping: revelation.sequence.value))
        writer.key("sequence")
        writer.int(Int64(clamping: sequence))
        writer.key("unreadable")
        writer.list(unreadable) { $1.string($0) }
        writer.key("userId")
        writer.string(revelation.person)
        writer.endObject()
        return writer.bytes
    }
}
