import AgentKit
import JSON

/// An account as clients see it: its row, with what the row amounts to.
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
