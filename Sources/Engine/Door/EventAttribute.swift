import Glibc

/// What a member of a producer's event is, told by its name.
enum EventAttribute {
    case specVersion, id, source, type
    case subject, time, dataContentType, dataSchema, data, correlation, traceParent
    /// Data that is base64 of something.
    case binaryData
    /// The ledger sets it.
    case reserved
    case other

    init(_ name: UnsafeRawBufferPointer) {
        func isNamed(_ text: StaticString) -> Bool {
            unsafe memcmp(name.baseAddress!, text.utf8Start, text.utf8CodeUnitCount) == 0
        }
        switch name.count {
        case 2 where isNamed("id"): self = .id
        case 4 where isNamed("data"): self = .data
        case 4 where isNamed("time"): self = .time
        case 4 where isNamed("type"): self = .type
        case 4 where isNamed("rule"): self = .reserved
        case 5 where isNamed("agent"): self = .reserved
        case 6 where isNamed("source"): self = .source
        case 6 where isNamed("authid"): self = .reserved
        case 7 where isNamed("subject"): self = .subject
        case 7 where isNamed("because") || isNamed("ruleset"): self = .reserved
        case 8 where isNamed("sequence"): self = .reserved
        case 10 where isNamed("dataschema"): self = .dataSchema
        case 11 where isNamed("specversion"): self = .specVersion
        case 11 where isNamed("traceparent"): self = .traceParent
        case 11 where isNamed("data_base64"): self = .binaryData
        case 11 where isNamed("causationid"): self = .reserved
        case 12 where isNamed("previoushash") || isNamed("recordedtime"): self = .reserved
        case 13 where isNamed("correlationid"): self = .correlation
        case 15 where isNamed("datacontenttype"): self = .dataContentType
        default: self = .other
        }
    }
}
