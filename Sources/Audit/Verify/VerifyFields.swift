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

    private static let none: Int32 = -1, other: Int32 = -2
    private var starts = InlineArray<20, Int32>(repeating: 0)
    private var counts = InlineArray<20, Int32>(repeating: none)

    /// The attributes whose names have so many bytes.
    @inline(__always)
    static func names(ofLength count: Int) -> InlineArray<3, Name?> {
        switch count {
        case 2: [.id, nil, nil]
        case 4: [.type, .rule, .time]
        case 5: [.agent, nil, nil]
        case 6: [.source, .authid, nil]
        case 7: [.subject, .because, .ruleset]
        case 8: [.sequence, nil, nil]
        case 11: [.specversion, .causationid, nil]
        case 12: [.previoushash, .recordedtime, nil]
        case 13: [.correlationid, nil, nil]
        case 15: [.datacontenttype, nil, nil]
        default: [nil, nil, nil]
        }
    }

    /// The members of `data` whose names have so many bytes.
    @inline(__always)
    static func dataNames(ofLength count: Int) -> InlineArray<3, Name?> {
        switch count {
        case 3: [.dataKey, nil, nil]
        case 4: [.dataFile, nil, nil]
        case 6: [.dataDigest, nil, nil]
        default: [nil, nil, nil]
        }
    }

    /// Indicates that there is such a member, a string or not.
    @inline(__always)
    func has(_ name: Name) -> Bool { counts[name.rawValue] != Self.none }

    /// Notes a member that is not a string.
    mutating func recordOther(_ name: Name) { counts[name.rawValue] = Self.other }

    /// The range of a string's bytes between its quotation marks, as written; nil if there is no such string.
    subscript(_ name: Name) -> Range<Int>? {
        @inline(__always) get {
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
