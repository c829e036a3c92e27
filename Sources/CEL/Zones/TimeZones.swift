/// Offsets of time zones.
enum TimeZones {
    /// Seconds east of UTC of an IANA name, `UTC` or `±hh:mm` at an instant; nil for an unknown zone.
    static func offset(of name: String, at seconds: Int64) -> Int? { nil }
}
