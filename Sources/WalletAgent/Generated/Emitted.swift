// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
import AgentKit

/// A `_transfer` to record.
struct TransferRecord {
    static let members = [
        "amount", "code", "creditAccount", "currency", "debitAccount", "flags", "pendingId", "timeoutSeconds",
    ]

    var amount: Int64
    var code: Int64?
    var creditAccount: String
    var currency: String
    var debitAccount: String
    var flags: [String]?
    var pendingId: String?
    var timeoutSeconds: Int64?

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("amount")
        writer.int(amount)
        if let code {
            writer.key("code")
            writer.int(code)
        }
        writer.key("creditAccount")
        writer.string(creditAccount)
        writer.key("currency")
        writer.string(currency)
        writer.key("debitAccount")
        writer.string(debitAccount)
        if let flags {
            writer.key("flags")
            writer.beginArray()
            for element in flags {
                writer.string(element)
            }
            writer.endArray()
        }
        if let pendingId {
            writer.key("pendingId")
            writer.string(pendingId)
        }
        if let timeoutSeconds {
            writer.key("timeoutSeconds")
            writer.int(timeoutSeconds)
        }
        writer.endObject()
    }
}

/// A `_posted` to record.
struct PostedRecord {
    static let members = [
        "amount", "code", "creditAccount", "currency", "debitAccount", "flags", "id", "pendingId", "timeoutSeconds",
    ]

    var amount: Int64
    var code: Int64?
    var creditAccount: String
    var currency: String
    var debitAccount: String
    var flags: [String]?
    var id: String
    var pendingId: String?
    var timeoutSeconds: Int64?

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("amount")
        writer.int(amount)
        if let code {
            writer.key("code")
            writer.int(code)
        }
        writer.key("creditAccount")
        writer.string(creditAccount)
        writer.key("currency")
        writer.string(currency)
        writer.key("debitAccount")
        writer.string(debitAccount)
        if let flags {
            writer.key("flags")
            writer.beginArray()
            for element in flags {
                writer.string(element)
            }
            writer.endArray()
        }
        writer.key("id")
        writer.string(id)
        if let pendingId {
            writer.key("pendingId")
            writer.string(pendingId)
        }
        if let timeoutSeconds {
            writer.key("timeoutSeconds")
            writer.int(timeoutSeconds)
        }
        writer.endObject()
    }
}

extension PostedRecord {
    /// The bytes of a plain line at most, those of its texts left out.
    static let plainBytesMax = 70 + 1 * 20

    /// Lays out a record without its optional members, whose texts hold nothing that JSON escapes.
    static func put(
        amount: Int64,
        creditAccount: some LineText,
        currency: some LineText,
        debitAccount: some LineText,
        id: some LineText,
        into line: inout ByteLine
    ) {
        line.put(fixed: "{\"amount\":")
        line.put(amount)
        line.put(fixed: ",\"creditAccount\":\"")
        creditAccount.put(into: &line)
        line.put(fixed: "\",\"currency\":\"")
        currency.put(into: &line)
        line.put(fixed: "\",\"debitAccount\":\"")
        debitAccount.put(into: &line)
        line.put(fixed: "\",\"id\":\"")
        id.put(into: &line)
        line.put(fixed: "\"}")
    }
}
