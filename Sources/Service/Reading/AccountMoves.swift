import JSON

/// Which entries moved money of an account.
struct AccountMoves: EntryTest {
    private let id: String
    private let type: [UInt8]

    init(of id: String) {
        self.id = id
        var writer = CanonicalWriter(capacity: 64)
        writer.string("transfer.posted")
        type = writer.bytes
    }

    func matches(_ entry: UnsafeRawBufferPointer) -> Bool {
        var fields = unsafe EntryFields(entry)
        var data: EntryFields.Member?
        var isPosted = false
        while let member = fields.next() {
            if member.isNamed("data") { data = member }
            if member.isNamed("type") { isPosted = member.isValue(type) }
        }
        guard isPosted, let data, let document = try? unsafe Document(canonical: data.value),
            let transfers = document.root["transfers"]
        else { return false }
        return transfers.children.contains { transfer in
            (transfer["debitAccount"]?.equals(id) ?? false) || (transfer["creditAccount"]?.equals(id) ?? false)
        }
    }
}
