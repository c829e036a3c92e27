package import AgentKit

extension Currency: RowValue {
    package static var celType: CELType { .string }
    package var celValue: Value { .string(text) }
    package func encode(into writer: inout RowWriter) { writer.text(text) }
    package static func decode(from reader: inout RowReader) throws(RowError) -> Currency {
        let text = try reader.text()
        if text.isEmpty { return .none }
        guard let currency = Currency(text) else { throw RowError("no currency `\(text)`") }
        return currency
    }
}
