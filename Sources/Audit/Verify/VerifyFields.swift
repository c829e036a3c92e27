/// Where the attributes that every entry has lie in its bytes.
struct VerifyFields {
    /// The attributes; the raw value is the index.
    enum Name: Int, CaseIterable {
        case specversion, id, source, type, datacontenttype, sequence, previoushash, recordedtime

        var text: StaticString {
            switch self {
            case .specversion: "specversion"
            case .id: "id"
            case .source: "source"
            case .type: "type"
            case .datacontenttype: "datacontenttype"
            case .sequence: "sequence"
            case .previoushash: "previoushash"
            case .recordedtime: "recordedtime"
            }
        }
    }

    private var starts = InlineArray<8, Int32>(repeating: 0)
    private var counts = InlineArray<8, Int32>(repeating: -1)

    /// The bytes of a string between its quotation marks, as they are written; nil where there is no such string.
    subscript(_ name: Name) -> Range<Int>? {
        get {
            let count = counts[name.rawValue]
            guard count >= 0 else { return nil }
            let start = Int(starts[name.rawValue])
            return start..<(start + Int(count))
        }
        set {
            starts[name.rawValue] = Int32(newValue?.lowerBound ?? 0)
            counts[name.rawValue] = Int32(newValue?.count ?? -1)
        }
    }
}
