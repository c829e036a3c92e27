import Foundation
import Testing

@testable import CEL

/// The offsets of time zones that are compiled in, and the table they come from.
@Suite("time zones") struct TimeZoneTests {
    /// One line of the table as it is written, read without what the library reads it with.
    private struct Line {
        let names: [String]
        let start: Int
        let others: [Int]
        let unit: Int
        /// Seconds since 1970 of each change, and the place of the offset from then on; 0 is `start`.
        let changes: [(time: Int, place: Int)]
        let ruleYear: Int
        let rule: [Int]

        init(_ text: Substring) throws {
            let fields = text.split(separator: ";", omittingEmptySubsequences: false)
            try #require(fields.count == 7, "\(text)")
            names = fields[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            start = try #require(Int(fields[1]), "\(text)")
            others = try fields[2].split(separator: ",").map { try #require(Int($0), "\(text)") }
            unit = try #require(Int(fields[3]), "\(text)")
            var changes: [(time: Int, place: Int)] = []
            var (time, digits) = (0, "")
            for byte in fields[4].utf8 {
                guard byte >= UInt8(ascii: "A"), byte <= UInt8(ascii: "Z") else {
                    digits.unicodeScalars.append(Unicode.Scalar(byte))
                    continue
                }
                let delta = try #require(Int(digits, radix: 36), "\(text)")
                time += delta * unit
                digits = ""
                changes.append((time, Int(byte - UInt8(ascii: "A"))))
            }
            try #require(digits.isEmpty, "\(text)")
            self.changes = changes
            ruleYear = try #require(Int(fields[5]), "\(text)")
            rule = try fields[6].split(separator: ",").map { try #require(Int($0), "\(text)") }
        }

        static var all: [Line] { get throws { try ZoneData.text.split(separator: "\n").map { try Line($0) } } }
    }

    private static func start(ofYear year: Int) -> Int {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let date = calendar.date(from: DateComponents(year: year, month: 1, day: 1))
        return date.map { Int($0.timeIntervalSince1970) } ?? 0
    }

    // MARK: The table

    @Test("the lines of the table are in order, and no name occurs twice")
    func names() throws {
        let lines = ZoneData.text.split(separator: "\n").map { Array($0.utf8) }
        for (one, next) in zip(lines, lines.dropFirst()) {
            #expect(one.lexicographicallyPrecedes(next), "\(String(decoding: next, as: UTF8.self))")
        }
        var seen: Set<String> = []
        for line in try Line.all {
            for name in line.names {
                #expect(!name.isEmpty)
                let isNew = seen.insert(name).inserted
                #expect(isNew, "\(name) occurs twice")
            }
        }
        #expect(seen.count > 500)
    }

    @Test("the changes of each zone ascend, each is a change, and all lie before the first year of the rule")
    func changes() throws {
        for line in try Line.all {
            let name = line.names[0]
            let offsets = [line.start] + line.others
            #expect(Set(offsets).count == offsets.count, "\(name)")
            #expect(offsets.allSatisfy { abs($0) <= 14 * 3600 }, "\(name)")
            #expect([1, 60, 900].contains(line.unit), "\(name)")
            var (time, place) = (0, 0)
            for change in line.changes {
                #expect(change.time > time && change.place != place, "\(name) at \(change.time)")
                #expect(change.place < offsets.count, "\(name) at \(change.time)")
                (time, place) = change
            }
            #expect(line.changes.isEmpty || time < Self.start(ofYear: line.ruleYear), "\(name)")
        }
    }

    @Test("the rule of each zone is one offset, or two with days of change that exist, and fits the last change")
    func rules() throws {
        for line in try Line.all {
            let (name, rule) = (line.names[0], line.rule)
            let offsets = [line.start] + line.others
            let last = line.changes.last.flatMap { $0.place < offsets.count ? offsets[$0.place] : nil } ?? line.start
            try #require(rule.count == 1 || rule.count == 10, "\(name)")
            #expect(rule.prefix(2).contains(last), "\(name)")
            for change in rule.count == 1 ? [] : [Array(rule[2..<6]), Array(rule[6..<10])] {
                let (month, week, day, second) = (change[0], change[1], change[2], change[3])
                #expect((1...12).contains(month) && (1...5).contains(week) && (0...6).contains(day), "\(name)")
                #expect(abs(second) <= 7 * 86_400, "\(name)")
            }
        }
    }

    // MARK: Offsets

    @Test("every zone has the offsets that the system's file gives it from 1970 to 2037, on both sides of each change")
    func system() throws {
        guard let version = SystemZone.version else {
            print("skipped: no time zone data with a version below \(SystemZone.root)")
            return
        }
        // Releases correct the past too, so another one has other offsets.
        guard version == ZoneData.version else {
            print("skipped: the system's time zones are of \(version), those compiled in of \(ZoneData.version)")
            return
        }
        let end = Self.start(ofYear: 2038)
        var zones = 0
        for name in try Line.all.flatMap(\.names) {
            guard let zone = SystemZone(name) else { continue }
            zones += 1
            let around = zone.changes.flatMap { [$0.time - 1, $0.time, $0.time + 1] }
            let spread = Array(stride(from: 0, to: end, by: 100 * 86_400))
            let wrong = (around + spread).filter { time in
                time >= 0 && time < min(end, zone.end)
                    && TimeZones.offset(of: name, at: Int64(time)) != zone.offset(at: time)
            }
            #expect(wrong.isEmpty, "\(name) at \(wrong.prefix(5))")
        }
        #expect(zones > 300)
    }

    @Test("before 1970 a zone has the offset with which 1970 began")
    func before() throws {
        let instants = stride(from: Self.start(ofYear: 1950), to: 0, by: 100 * 86_400)
        for name in try Line.all.flatMap(\.names) {
            let first = try #require(TimeZones.offset(of: name, at: 0))
            #expect(instants.allSatisfy { TimeZones.offset(of: name, at: Int64($0)) == first }, "\(name)")
        }
    }

    @Test(
        "the rule goes on where the recorded changes end",
        arguments: [
            ("Asia/Karachi", 2050, -18_000...18_000, 18_000), ("Europe/Paris", 2050, 0...7_200, 3_600),
            ("America/New_York", 2060, -18_000 ... -14_400, -18_000),
            ("Australia/Sydney", 2045, 36_000...39_600, 39_600), ("Europe/Dublin", 2040, 0...3_600, 0),
        ])
    func rule(name: String, year: Int, range: ClosedRange<Int>, january: Int) throws {
        let start = Int64(Self.start(ofYear: year))
        #expect(TimeZones.offset(of: name, at: start + 14 * 86_400) == january)
        for day in Int64(0)..<365 {
            let offset = try #require(TimeZones.offset(of: name, at: start + day * 86_400))
            #expect(range.contains(offset), "day \(day)")
        }
    }
}

/// A time zone of the system, from a file in the format of RFC 9636.
private struct SystemZone {
    static let root = "/usr/share/zoneinfo"

    /// The release of the system's time zones.
    static var version: String? {
        let text = FileManager.default.contents(atPath: root + "/tzdata.zi").map { String(decoding: $0, as: UTF8.self) }
        let words = text?.prefix { $0 != "\n" }.split(separator: " ") ?? []
        return words.count == 3 && words[1] == "version" ? String(words[2]) : nil
    }

    let changes: [(time: Int, offset: Int)]
    /// The instant from which on only the file's rule, which is not read here, says the offset.
    let end: Int
    private let first: Int

    init?(_ name: String) {
        guard let data = FileManager.default.contents(atPath: Self.root + "/" + name) else { return nil }
        let bytes = [UInt8](data)
        guard bytes.starts(with: "TZif".utf8), bytes.count > 88, bytes[4] >= UInt8(ascii: "2") else { return nil }

        func number(_ at: Int, _ count: Int) -> Int {
            let bits = bytes[at..<at + count].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let shift = 64 - 8 * count
            return Int(Int64(bitPattern: bits << shift) >> shift)
        }
        struct Counts {
            let ut, standard, leap, time, kind, text: Int
            func size(timeBytes: Int) -> Int {
                time * (timeBytes + 1) + kind * 6 + text + leap * (timeBytes + 4) + standard + ut
            }
        }
        func counts(_ at: Int) -> Counts {
            let all = (0..<6).map { number(at + 20 + 4 * $0, 4) }
            return Counts(ut: all[0], standard: all[1], leap: all[2], time: all[3], kind: all[4], text: all[5])
        }
        // The first block has times of 32 bits, for readers of the first version.
        let second = 44 + counts(0).size(timeBytes: 4)
        let counted = counts(second)
        let times = second + 44
        let kinds = times + 8 * counted.time
        func offset(_ kind: Int) -> Int { number(kinds + counted.time + 6 * kind, 4) }
        changes = (0..<counted.time).map { (number(times + 8 * $0, 8), offset(Int(bytes[kinds + $0]))) }
        first = offset(0)
        let footer = bytes[(times + counted.size(timeBytes: 8))...]
        end = footer.contains(UInt8(ascii: ",")) ? (changes.last?.time ?? 0) + 86_400 : .max
    }

    func offset(at time: Int) -> Int { changes.last { $0.time <= time }?.offset ?? first }
}
