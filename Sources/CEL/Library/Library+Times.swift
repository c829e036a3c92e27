extension Library {
    static let times: [Builtin] = [
        part("getFullYear") { $0.year },
        part("getMonth") { $0.month - 1 },
        part("getDayOfYear") { $0.dayOfYear },
        part("getDayOfMonth") { $0.day - 1 },
        part("getDate") { $0.day },
        part("getDayOfWeek") { $0.dayOfWeek },
        part("getHours", of: 3_600_000_000_000) { $0.hour },
        part("getMinutes", of: 60_000_000_000) { $0.minute },
        part("getSeconds", of: 1_000_000_000) { $0.second },
        Builtin(
            "getMilliseconds",
            [
                .member(.timestamp, to: .int), .member(.timestamp, .string, to: .int),
                .member(.duration, to: .int),
            ], unary: { value, _ in milliseconds(value) }, binary: { value, _, _ in milliseconds(value) }),
    ]

    private static func milliseconds(_ value: Value) -> Value {
        switch value {
        case .timestamp(let time): .int(Int64(time.nanos / 1_000_000))
        case .duration(let length): .int(length.nanos % 1_000_000_000 / 1_000_000)
        default: .noOverload
        }
    }

    /// A field of a timestamp and, where `unit` is given in nanoseconds, the whole units of a duration.
    private static func part(
        _ name: String, of unit: Int64? = nil, _ read: @escaping @Sendable (CivilTime) -> Int
    ) -> Builtin {
        var signatures: [Signature] = [.member(.timestamp, to: .int), .member(.timestamp, .string, to: .int)]
        if unit != nil { signatures.append(.member(.duration, to: .int)) }
        return Builtin(
            name, signatures,
            unary: { value, _ in
                switch value {
                case .timestamp(let time): return .int(Int64(read(CivilTime(seconds: time.seconds))))
                case .duration(let length):
                    guard let unit else { return .noOverload }
                    return .int(length.nanos / unit)
                default: return .noOverload
                }
            },
            binary: { value, zone, _ in
                guard case .timestamp(let time) = value, let name = zone.stringValue else { return .noOverload }
                guard let offset = TimeZones.offset(of: name, at: time.seconds) else {
                    return .failure(.invalidArgument, "unknown time zone \(zone.shortText)")
                }
                return .int(Int64(read(CivilTime(seconds: time.seconds + Int64(offset)))))
            })
    }
}
