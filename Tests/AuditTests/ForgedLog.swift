import EventLog
import Foundation
import JSON
import Sodium
import TestSupport
import TransparencyLog

/// The log of an operator who changes entries, writes every link and number again, and signs the whole.
struct ForgedLog {
    /// Entries as text; what their sequences are in the log is written at the end.
    private(set) var entries: [String]
    private let folder: TemporaryDirectory
    private let origin: String

    init(_ log: EventLog) throws {
        origin = log.origin
        folder = try TemporaryDirectory("docket-forged")
        var entries: [String] = []
        try log.scan(from: 0) { _, bytes in
            entries.append(String(decoding: bytes, as: UTF8.self))
            return true
        }
        self.entries = entries
    }

    /// The places of the entries that hold a text.
    func places(_ text: String) -> [Int] { entries.indices.filter { entries[$0].contains(text) } }

    /// The places of an entry's whole cascade: from its trigger to the next one.
    func cascade(of place: Int) -> Range<Int> {
        var first = place
        while isDecision(first) { first -= 1 }
        var end = place + 1
        while end < entries.count, isDecision(end) { end += 1 }
        return first..<end
    }

    func isDecision(_ place: Int) -> Bool { entries[place].hasPrefix(#"{"agent":"#) }

    mutating func replace(_ text: String, with other: String, at place: Int) {
        precondition(entries[place].contains(text), "the entry does not hold what is to be changed")
        entries[place] = entries[place].replacingOccurrences(of: text, with: other)
    }

    mutating func insert(_ entry: String, at place: Int) { entries.insert(entry, at: place) }

    mutating func remove(_ places: Range<Int>) { entries.removeSubrange(places) }

    mutating func move(_ places: Range<Int>, to place: Int) {
        let moved = Array(entries[places])
        entries.removeSubrange(places)
        entries.insert(contentsOf: moved, at: place - (place > places.lowerBound ? moved.count : 0))
    }

    /// The log of the entries as they are now, renumbered, relinked and signed with the ledger's own key.
    /// - Parameter isCommittedOften: with a checkpoint after each cascade, as an idle service makes them, not only one.
    func signed(isCommittedOften: Bool = false) throws -> EventLog {
        let signer = try NoteSigner(name: origin, key: SigningKey(seed: [UInt8](repeating: 7, count: 32)))
        let path = folder.file(UUID().uuidString)
        try EventLog.create(directory: path, origin: origin, verifierKey: signer.verifierKey, mapSize: 1 << 30)
        let log = try EventLog.openWriter(directory: path, signer: signer, mapSize: 1 << 30)
        var numbers: [String: String] = [:]
        for (place, entry) in entries.enumerated() {
            // A copy is behind what it was copied from.
            let number = Self.member("sequence", of: entry) ?? ""
            numbers[number] = numbers[number] ?? Self.padded(place)
        }
        var batch = CommitBuffer()
        var link = genesisHash(origin: origin)
        for (place, entry) in entries.enumerated() {
            var text = entry
            Self.set("previoushash", link.base64, in: &text)
            for name in ["causationid", "correlationid"] {
                if let number = Self.member(name, of: text).flatMap({ numbers[$0] }) {
                    Self.set(name, number, in: &text)
                }
            }
            if let sequence = Self.member("sequence", of: text), Self.member("id", of: text) == sequence {
                Self.set("id", Self.padded(place), in: &text)
            }
            Self.set("sequence", Self.padded(place), in: &text)
            let bytes = Array(text.utf8)
            link = leafHash(bytes)
            batch.append(bytes, link)
            if isCommittedOften, place + 1 < entries.count, !isDecision(place + 1) {
                _ = try log.commit(batch)
                batch = CommitBuffer()
            }
        }
        _ = try log.commit(batch)
        return log
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// A member beside `data`, found from the end where `data` may hold one of the name.
    private static func range(_ name: String, of entry: String) -> Range<String.Index>? {
        let start = entry.range(
            of: #""\#(name)":""#, options: name == "causationid" || name == "correlationid" ? [] : .backwards)
        guard let start, let end = entry.range(of: "\"", range: start.upperBound..<entry.endIndex) else { return nil }
        return start.upperBound..<end.lowerBound
    }

    private static func member(_ name: String, of entry: String) -> String? {
        range(name, of: entry).map { String(entry[$0]) }
    }

    private static func set(_ name: String, _ value: String, in entry: inout String) {
        if let range = range(name, of: entry) { entry.replaceSubrange(range, with: value) }
    }
}
