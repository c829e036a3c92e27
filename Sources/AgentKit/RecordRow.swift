package import CEL
package import JSON

/// A row whose members a rule file declares: canonical JSON, read where it lies.
package struct RecordRow: Row {
    package var content = JSONHost(Document.emptyObject)

    package init() {}
    package init(_ document: Document) { content = JSONHost(document) }

    package static let name = "record"
    package static let fields: RowFields<RecordRow> = [.init("content", \.content)]
}

extension JSONHost: RowValue {
    package static var celType: CELType { .dyn }
    package var celValue: Value { .host(self, 0) }

    package func encode(into writer: inout RowWriter) { writer.octets(document.bytes) }

    package static func decode(from reader: inout RowReader) throws(RowError) -> JSONHost {
        let bytes = try reader.octets()
        do throws(JSONError) { return JSONHost(try Document(adopting: bytes)) } catch {
            throw RowError("a record that is not valid JSON: \(error)")
        }
    }
}

/// One place of an index: how many keys a value has, the key at a place, or the place of a key.
struct IndexRow: Row {
    var key = ""
    var number: Int64 = 0

    static let name = "indexPlace"
    static let fields: RowFields<IndexRow> = [.init("key", \.key), .init("number", \.number)]
}
