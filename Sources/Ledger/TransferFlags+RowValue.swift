package import AgentKit

/// Rules see the names of the flags that are set.
extension TransferFlags: RowValue {
    package static var celType: CELType { .list(.string) }
    package var celValue: Value { .list(setNames.map(Value.string)) }
    package func encode(into writer: inout RowWriter) { writer.byte(rawValue) }
    package static func decode(from reader: inout RowReader) throws(RowError) -> TransferFlags {
        TransferFlags(rawValue: try reader.byte())
    }
}
