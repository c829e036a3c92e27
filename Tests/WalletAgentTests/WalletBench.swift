import AgentKit
import Ledger
import WalletAgent

/// A wallet in memory: posts transfers as a rule would, and folds posted ones as the engine would.
final class WalletBench {
    let tables = TableSet()
    let state: WalletState
    private let posting: Program
    private let activation: Activation
    private let slot: Int
    private var sequence: UInt64 = 0

    init() throws {
        state = WalletAgent.state(in: tables)
        var environment = CELEnvironment()
        for function in WalletAgent.functions(state) { environment.declare(function: function) }
        slot = environment.declare(variable: "transfers", .list(.dyn))
        posting = try environment.compile("post(transfers)")
        activation = Activation(slots: environment.variables.count)
    }

    /// The answer of `post`.
    enum Answer {
        case posted(any JSONWritableHost)
        case refused(index: Int, code: String)
    }

    func post(_ transfers: [Transfer], at now: Instant) throws -> Answer {
        sequence += 1
        tables.context.sequence = EntrySequence(sequence)
        tables.context.recordedTime = now
        activation[slot] = .list(transfers.map(Self.value))
        guard case .map(let answer) = posting.evaluate(activation) else { throw BenchError.noAnswer }
        if answer["ok"]?.boolValue == true, case .host(let host, _)? = answer["transfers"],
            let list = host as? any JSONWritableHost
        {
            return .posted(list)
        }
        guard let index = answer["index"]?.intValue, let code = answer["code"]?.stringValue else {
            throw BenchError.noAnswer
        }
        return .refused(index: Int(index), code: code)
    }

    /// The id of a transfer of the latest request.
    func id(_ index: Int) -> String { EntrySequence(sequence).padded + "/" + String(index) }

    func fold(_ list: any JSONWritableHost, purpose: StaticString, reference: String, at now: Instant) throws {
        var writer = CanonicalWriter(capacity: 4096)
        writer.beginObject()
        writer.key("data")
        writer.beginObject()
        writer.key("purpose")
        writer.string(purpose)
        writer.key("reference")
        writer.string(reference)
        writer.key("transfers")
        guard list.writeCanonical(0, into: &writer) else { throw BenchError.noAnswer }
        writer.endObject()
        writer.endObject()
        let bytes = writer.bytes
        guard try Document.parse(bytes).bytes == bytes else { throw BenchError.notCanonical }
        fold("transfer.posted", try Document(adopting: bytes), at: now)
    }

    func fold(_ type: String, _ document: Document, at now: Instant) {
        let event = Event(
            document, sequence: EntrySequence(sequence), type: type, recordedTime: now)
        if let fold = WalletAgent.Fold(event) { WalletAgent.reduce(state, fold, event) }
    }

    private static func value(_ transfer: Transfer) -> Value {
        var entries: [(String, Value)] = [
            ("debitAccount", .string(transfer.debitAccount)), ("creditAccount", .string(transfer.creditAccount)),
            ("amount", .int(transfer.amount.minorUnits)), ("currency", .string(transfer.currency.text)),
        ]
        if !transfer.flags.isEmpty { entries.append(("flags", .list(transfer.flags.setNames.map(Value.string)))) }
        if !transfer.pendingId.isEmpty { entries.append(("pendingId", .string(transfer.pendingId))) }
        if transfer.timeoutSeconds != 0 { entries.append(("timeoutSeconds", .int(transfer.timeoutSeconds))) }
        return .map(MapValue(entries))
    }
}

enum BenchError: Error { case noAnswer, notCanonical }
