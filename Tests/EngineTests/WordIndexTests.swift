import AgentKit
import EngineTestSupport
import EventLog
import Foundation
import JSON
import TestSupport
import Testing

@testable import Engine

@Suite("the index of words")
struct WordIndexTests {
    private func words(of entry: String) -> Set<UInt32> {
        var scanner = WordScanner()
        Array(entry.utf8).withUnsafeBytes { scanner.add($0) }
        return Set(scanner.take())
    }

    @Test("words are the strings of data, subject, type, cause and correlation, and the parts of those with slashes")
    func words() {
        let found = words(
            of:
                #"{"authid":"a","because":"b","causationid":"0041","correlationid":"c","data":{"account":"wallet/U-ali/PKR","list":["x",{"k":"y"}],"n":1,"s":"q\"/t"},"id":"i","source":"/s","subject":"S-1","type":"t.u"}"#
        )
        let expected = [
            "wallet/U-ali/PKR", "wallet", "U-ali", "PKR", "x", "y", "q\"/t", "q\"", "t", "S-1", "t.u", "0041", "c",
        ]
        #expect(found == Set(expected.map { Word($0).hash }))
    }

    @Test("a block has the words that were put into it")
    func block() {
        let hashes = (0..<1000).map { Word("w-\($0)").hash }
        WordBlock.encoded(hashes).withUnsafeBytes { block in
            for number in 0..<1000 { #expect(WordBlock.contains(block, Word("w-\(number)"))) }
            #expect((0..<1000).count { WordBlock.contains(block, Word("v-\($0)")) } < 3)
        }
        #expect(!WordBlock.encoded([]).withUnsafeBytes { WordBlock.contains($0, Word("")) })
    }

    /// A log of a few thousand entries with its views, and one entry in every seventh event that names a rare key.
    private func ledger(_ folder: TemporaryDirectory) async throws -> EventLog {
        let directory = try OpenLedger.create(at: folder.path, rules: ["order.yaml": TimeTests.rules])
        try await OpenLedger.using(directory, flushesAt: 300) { ledger in
            for batch in 0..<12 {
                let events = try (0..<100).map { index in
                    let key = index == 7 && batch % 5 == 0 ? "rare-\(batch)" : "k\(index % 40)"
                    return try ledger.event(
                        "test.wait", #"{"key":"\#(key)","seconds":600}"#, id: "\(batch)-\(index)",
                        at: "2024-02-15T09:\(10 + batch):00Z")
                }
                _ = await ledger.send(events)
            }
        }
        return try EventLog.openReader(directory: directory.log)
    }

    private func isNaming(_ word: String, _ bytes: UnsafeRawBufferPointer) -> Bool {
        String(decoding: bytes, as: UTF8.self).contains("\"\(word)\"")
    }

    @Test("a search finds what reading every entry finds, and reads little for a rare word")
    func search() async throws {
        let folder = try TemporaryDirectory()
        let log = try await ledger(folder)
        #expect(log.size > 2000)
        for word in ["rare-0", "rare-5", "k3", "test.wait", "nowhere"] {
            for range in [UInt64(0)..<log.size, 100..<700, 255..<257, 512..<512] {
                var expected: [UInt64] = [], found: [UInt64] = [], read = 0
                try log.scan(from: range.lowerBound, to: range.upperBound) { sequence, bytes in
                    if isNaming(word, bytes) { expected.append(sequence) }
                    return true
                }
                let end = try EntrySearch(log).scan(
                    from: range.lowerBound, to: range.upperBound, words: [word]
                ) { sequence, bytes in
                    read += 1
                    if isNaming(word, bytes) { found.append(sequence) }
                    return true
                }
                #expect(found == expected && end == range.upperBound, "\(word) \(range)")
                if word == "nowhere", range.count > 1000 { #expect(read < 256) }
            }
        }
    }

    @Test("a search that is told to stop stops, and goes on from there")
    func stop() async throws {
        let folder = try TemporaryDirectory()
        let log = try await ledger(folder)
        var found: [UInt64] = [], next: UInt64 = 0
        while next < log.size {
            next = try EntrySearch(log).scan(from: next, words: ["k3"]) { sequence, bytes in
                guard isNaming("k3", bytes) else { return true }
                found.append(sequence)
                return false
            }
        }
        var expected: [UInt64] = []
        try log.scan(from: 0) { sequence, bytes in
            if isNaming("k3", bytes) { expected.append(sequence) }
            return true
        }
        #expect(found == expected)
    }

    @Test("without views, or with those of another history, every entry is read")
    func noViews() async throws {
        let folder = try TemporaryDirectory()
        let log = try await ledger(folder)
        #expect(ViewReader.beside(log) != nil)
        try FileManager.default.removeItem(atPath: folder.path + "/views")
        #expect(ViewReader.beside(log) == nil)
        var read: UInt64 = 0
        try EntrySearch(log).scan(words: ["nowhere"]) { _, _ in
            read += 1
            return true
        }
        #expect(read == log.size)
    }

    @Test("few changes are written after a second in which nothing changed, and after ten in any case")
    func pace() {
        var pace = ViewPace()
        #expect(pace.wait(at: 0) == nil)
        pace.look(3, at: 100)
        #expect(pace.wait(at: 100) == 1000)
        pace.look(3, at: 900)
        #expect(pace.wait(at: 900) == 200)
        pace.look(4, at: 1000)
        #expect(pace.wait(at: 1100) == 900)
        for time in stride(from: Int64(1100), to: 10_100, by: 500) { pace.look(Int(time), at: time) }
        #expect(pace.wait(at: 10_000) == 100)
        pace.look(0, at: 10_100)
        #expect(pace.wait(at: 10_100) == nil)
        pace.look(1, at: 20_000)
        #expect(pace.wait(at: 20_000) == 1000)
    }
}
