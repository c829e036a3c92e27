import JSON

/// An account before an entry and after the last that followed from it.
package struct AccountChange: Sendable, Hashable {
    package let before: AccountLine
    package internal(set) var after: AccountLine

    package var id: String { after.id }

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("after")
        after.write(to: &writer)
        writer.key("before")
        before.write(to: &writer)
        writer.key("id")
        writer.string(id)
        writer.endObject()
    }
}
