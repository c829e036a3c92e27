import Audit
import EventLog
import Foundation
import TestSupport
import Testing

/// Logs that somebody who holds the signing key wrote to break whoever derives them again.
@Suite("recomputation of hostile logs", .ownThreads)
struct RecomputeHostileTests {
    /// Ways in which one entry, or the order of entries, is spoilt.
    private enum Change: CaseIterable {
        case digit, letter, type, time, amount, noData, removed, doubled, swapped, cascadeRemoved

        func apply(to forged: inout ForgedLog, _ random: inout SeededGenerator) {
            // The first entries are the rule set, of which other tests take care.
            let first = forged.places(#""type":"ruleset.activated""#)[0] + 1
            let place = Int.random(in: first..<forged.entries.count - 1, using: &random)
            switch self {
            case .digit: forged.spoil(place, #""data":\{.*?([0-9])"#, with: "7")
            case .letter: forged.spoil(place, #""data":\{.*?:"([A-Za-z])"#, with: "Q")
            case .type:
                let other = forged.entries.randomElement(using: &random).flatMap {
                    $0.firstMatch(of: #/"type":"([^"]*)"/#)?.1
                }
                forged.spoil(place, #""type":"([^"]*)"\}$"#, with: String(other ?? ""))
            case .time: forged.spoil(place, #""recordedtime":"([0-9]{4})"#, with: "2031")
            case .amount: forged.spoil(place, #""amount":([0-9]+)"#, with: "9007199254740991")
            case .noData: forged.spoil(place, #""data":(\{.*\}),"datacontenttype""#, with: "{}")
            case .removed: forged.remove(place..<place + 1)
            case .doubled: forged.insert(forged.entries[place], at: place + 1)
            case .swapped: forged.move(place..<place + 1, to: place + 2)
            case .cascadeRemoved: forged.remove(forged.cascade(of: place))
            }
        }
    }

    private func compareOnTwoCores(_ log: EventLog, _ result: RecomputeResult, _ changes: String) throws(ReplayError) {
        let onTwo = try RecomputeOnTwoCores(log).run(entriesMin: 0)
        #expect(onTwo.json == result.json && onTwo.text == result.text, "\(changes)")
    }

    @Test("any of them is derived to its end, or refused with a reason")
    func anything() throws {
        var random = SeededGenerator.announced()
        let sound = try ForgedLog(ScratchLedger.known.log)
        for round in 0..<20 {
            var forged = sound
            var changes: [Change] = []
            for _ in 0...round % 4 {
                let change = Change.allCases.randomElement(using: &random)!
                change.apply(to: &forged, &random)
                changes.append(change)
            }
            let log = try forged.signed()
            do throws(ReplayError) {
                let result = try Recompute(log).run()
                #expect(result.entries == log.size, "\(changes)")
                #expect(isCanonical(Array(result.json.utf8)), "\(changes)")
                if round % 4 == 0 { try compareOnTwoCores(log, result, "\(changes)") }
            } catch {
                #expect(error.code == .ruleSet || error.code == .damaged, "\(changes): \(error)")
                let onTwo = #expect(throws: ReplayError.self) { try RecomputeOnTwoCores(log).run(entriesMin: 0) }
                #expect(onTwo?.description == error.description)
            }
        }
    }

    @Test("a rule set scheduled from files that are no rules ends it with a reason")
    func unloadable() throws {
        var forged = try ForgedLog(ScratchLedger.known.log)
        let activation = forged.places(#""type":"ruleset.activated""#)[0]
        var entry = forged.entries[activation]
        entry = entry.replacing(
            #""data":{"#, with: #""data":{"effectiveFrom":"2024-02-16T00:00:00.000Z","#, maxReplacements: 1)
        entry = entry.replacing(#/"files":\{"([^"]*)":"[0-9a-f]{8}/#) { #""files":{"\#($0.1)":"00000000"# }
        entry = entry.replacing(#/"digest":"[0-9a-f]{8}/#) { _ in #""digest":"00000000"# }
        let later = try #require(forged.places(#""recordedtime":"2024-02-15"#).last)
        let end = forged.cascade(of: later).upperBound
        entry = entry.replacing(#/"recordedtime":"[^"]*"/#) { _ in #""recordedtime":"2024-02-15T18:59:59.000Z""# }
        forged.insert(entry, at: end)
        let log = try forged.signed()
        do throws(ReplayError) {
            #expect(try Recompute(log).run().differences.contains { $0.kind == .ruleSet })
        } catch {
            #expect(error.code == .ruleSet, "\(error)")
        }
    }
}

extension ForgedLog {
    /// Replaces what the group of a pattern matches in an entry; leaves an entry that does not match as it is.
    fileprivate mutating func spoil(_ place: Int, _ pattern: String, with text: String) {
        guard let regex = try? Regex(pattern), let match = entries[place].firstMatch(of: regex),
            let range = match.output[1].range
        else { return }
        replace(entries[place], with: entries[place].replacingCharacters(in: range, with: text), at: place)
    }
}
