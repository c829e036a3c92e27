/// Positions of the attributes that the format speaks of, and of those members of `data` that a subject repeats.
struct VerifyFields {
    /// The attributes; the raw value is the index.
    enum Name: Int, CaseIterable {
        case specversion, id, source, type, datacontenttype, sequence, previoushash, recordedtime
        case correlationid, authid, causationid, agent, rule, ruleset, because, subject, time
        case dataKey, dataFile, dataDigest

        /// The attributes that every entry has, as strings.
        static let required: [Name] = [
            .specversion, .id, .source, .type, .datacontenttype, .sequence, .previoushash, .recordedtime,
        ]
        /// The attributes that depend on who appended the entry; strings too.
        static let promised: [Name] = [
            .correlationid, .authid, .causationid, .agent, .rule, .ruleset, .because, .subject, .time,
        ]

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
            case .correlationid: "correlationid"
            case .authid: "authid"
            case .causationid: "causationid"
            case .agent: "agent"
            case .rule: "rule"
            case .ruleset: "ruleset"
            case .because: "because"
            case .subject: "subject"
            case .time: "time"
            case .dataKey: "key"
            case .dataFile: "file"
            case .dataDigest: "digest"
            }
        }
    }

    /// By attribute, in entries of at most 65,535 bytes; valid where the bit of `strings` is set.
    private var starts = InlineArray<20, UInt16>(repeating: 0)
    private var ends = InlineArray<20, UInt16>(repeating: 0)
    /// A bit for each attribute that is a string, and for each that is there at all.
    private var strings: UInt32 = 0
    private var present: UInt32 = 0

    /// The only attribute, or member of `data`, whose name has so many bytes and this first one. Of `type` and `time` it is
    /// `type`.
    @inline(__always)
    static func candidate(_ count: Int, _ first: UInt8, isInData: Bool) -> Name? {
        guard !isInData else { return count == 3 ? .dataKey : count == 4 ? .dataFile : count == 6 ? .dataDigest : nil }
        switch count {
        case 2: return .id
        case 4: return first == UInt8(ascii: "r") ? .rule : .type
        case 5: return .agent
        case 6: return first == UInt8(ascii: "a") ? .authid : .source
        case 7: return first == UInt8(ascii: "s") ? .subject : first == UInt8(ascii: "b") ? .because : .ruleset
        case 8: return .sequence
        case 11: return first == UInt8(ascii: "c") ? .causationid : .specversion
        case 12: return first == UInt8(ascii: "p") ? .previoushash : .recordedtime
        case 13: return .correlationid
        case 15: return .datacontenttype
        default: return nil
        }
    }

    /// Indicates that there is such a member, a string or not.
    @inline(__always)
    func has(_ name: Name) -> Bool { present >> UInt32(name.rawValue) & 1 == 1 }

    /// The range of a string's bytes between its quotation marks, as written; nil if there is no such string.
    @inline(__always)
    subscript(_ name: Name) -> Range<Int>? {
        guard strings >> UInt32(name.rawValue) & 1 == 1 else { return nil }
        return Int(starts[name.rawValue])..<Int(ends[name.rawValue])
    }

    /// Notes a string by the range of its bytes.
    mutating func record(_ name: Name, _ range: Range<Int>) {
        starts[name.rawValue] = UInt16(truncatingIfNeeded: range.lowerBound)
        ends[name.rawValue] = UInt16(truncatingIfNeeded: range.upperBound)
        strings |= 1 << UInt32(name.rawValue)
        present |= 1 << UInt32(name.rawValue)
    }

    /// Notes a member that is not a string.
    mutating func recordOther(_ name: Name) { present |= 1 << UInt32(name.rawValue) }
}
