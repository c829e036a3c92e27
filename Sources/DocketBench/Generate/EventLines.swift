import CEL

/// The events of a history: one CloudEvent a line.
struct EventLines {
    private(set) var json = JSONText()
    private(set) var count = 0

    /// Adds an event whose data `data` writes.
    mutating func add(
        _ type: StaticString, from source: StaticString, about subject: EventSubject, at time: HistoryTime,
        _ data: (inout JSONText) -> Void
    ) {
        count += 1
        json.put("{\"specversion\":\"1.0\",\"id\":\"m-")
        json.put(count)
        json.put("\",\"source\":\"")
        json.put(source)
        json.put("\",\"type\":\"")
        json.put(type)
        json.put("\",\"subject\":")
        switch subject {
        case .id(let id): json.quote(id)
        case .text(let text): json.quote(text)
        }
        json.put(",\"time\":\"")
        time.put(in: &json)
        json.put("\",\"datacontenttype\":\"application/json\",\"data\":{")
        data(&json)
        json.put("}}\n")
    }

    /// Takes what was added so far, once there is much of it or at the end.
    mutating func take(isLast: Bool) -> [UInt8]? {
        guard !json.isEmpty, isLast || json.bytes.count >= Self.bytesTaken else { return nil }
        defer { json.removeAll() }
        return json.bytes
    }

    private static let bytesTaken = 1 << 20
}

/// Subject of an event.
enum EventSubject {
    case id(Ident)
    case text(String)
}

/// The id of something generated: `U-17`.
struct Ident {
    let prefix: StaticString
    let number: Int
    /// Part after a colon, by which ids minted by the ledger join their parts.
    var part: StaticString?

    static func user(_ number: Int) -> Ident { Ident(prefix: "U-", number: number) }
    static func product(_ number: Int) -> Ident { Ident(prefix: "P-", number: number) }
    static func order(_ number: Int) -> Ident { Ident(prefix: "O-", number: number) }
    static func complaint(_ number: Int) -> Ident { Ident(prefix: "C-", number: number) }
    static func franchise(_ number: Int) -> Ident { Ident(prefix: "F-", number: number) }
    static func service(_ number: Int) -> Ident { Ident(prefix: "S-", number: number) }
    static func request(_ number: Int) -> Ident { Ident(prefix: "R-", number: number) }
    /// The license that the ledger grants for a request.
    static func license(_ request: Int) -> Ident { Ident(prefix: "R-", number: request, part: "license") }
    static func lock(_ number: Int) -> Ident { Ident(prefix: "L-", number: number) }
}

/// A moment of the generated time, in milliseconds since 1970.
struct HistoryTime: Comparable {
    static let second = 1000, minute = 60_000, hour = 3_600_000, day = 86_400_000

    /// The beginning of every history: 2024-02-05, a Monday, 00:00 in Karachi.
    static let start = HistoryTime(milliseconds: 1_707_073_200_000)

    var milliseconds: Int

    static func < (a: HistoryTime, b: HistoryTime) -> Bool { a.milliseconds < b.milliseconds }
    static func + (a: HistoryTime, milliseconds: Int) -> HistoryTime {
        HistoryTime(milliseconds: a.milliseconds + milliseconds)
    }

    /// Writes the time as RFC 3339 in UTC with milliseconds.
    func put(in json: inout JSONText) {
        let day = milliseconds / Self.day, rest = milliseconds % Self.day
        let date = CalendarDate(daysSinceEpoch: Int64(day))
        json.put(Int(date.year))
        Self.put(date.month, after: "-", in: &json)
        Self.put(date.day, after: "-", in: &json)
        Self.put(rest / Self.hour, after: "T", in: &json)
        Self.put(rest / Self.minute % 60, after: ":", in: &json)
        Self.put(rest / Self.second % 60, after: ":", in: &json)
        let thousandths = rest % 1000
        json.put(thousandths < 10 ? ".00" : thousandths < 100 ? ".0" : ".")
        json.put(thousandths)
        json.put("Z")
    }

    private static func put(_ number: Int, after separator: StaticString, in json: inout JSONText) {
        json.put(separator)
        if number < 10 { json.put(0) }
        json.put(number)
    }
}
