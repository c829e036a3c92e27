import AgentKit
import Foundation
import RecommendationAgent
import TestSupport
import Testing

@Suite("decayed popularity: views and orders, half-life 24 h")
struct DecayedPopularityTests {
    private let now = Instant(milliseconds: 1_708_000_000_000)

    @Test("at their own moment views count in full", arguments: [1, 2, 3, 10, 100, 5000])
    func sum(count: Int64) {
        var popularity = DecayedPopularity.none
        for _ in 0..<count { popularity = popularity + DecayedPopularity(at: now) }
        let views = popularity.views(at: now)
        #expect(abs(views - count * 1024) <= max(2, count * 1024 / 100), "\(views)")
    }

    @Test("a day later half of a view is left, after ten days a thousandth")
    func halving() {
        let popularity = DecayedPopularity(at: now)
        #expect(popularity.views(at: now) == 1024)
        #expect(popularity.views(at: now.adding(seconds: 86_400)) == 512)
        #expect(popularity.views(at: now.adding(seconds: 10 * 86_400)) == 1)
        #expect(popularity.views(at: now.adding(seconds: 100 * 86_400)) == 0)
        #expect(DecayedPopularity.none.views(at: now) == 0)
    }

    @Test("between the half-lives the decay is exponential to a thousandth")
    func decay() {
        var random = SeededGenerator.announced()
        for _ in 0..<1000 {
            let seconds = Int64(random.int(in: 0...864_000))
            let expected = 1024 * 1024 * pow(2, -Double(seconds) / 86_400)
            let views = DecayedPopularity(at: now).doubled(10).views(at: now.adding(seconds: seconds))
            #expect(abs(Double(views) - expected) <= expected / 1000 + 1, "\(seconds) s: \(views), not \(expected)")
        }
    }

    @Test("an order of popularities holds at every moment")
    func order() {
        let one = DecayedPopularity(at: now.adding(seconds: 86_400))
        let three = DecayedPopularity(at: now) + DecayedPopularity(at: now) + DecayedPopularity(at: now)
        #expect(one < three)
        #expect(DecayedPopularity(at: now) + DecayedPopularity(at: now) <= one)
        #expect(DecayedPopularity.none < DecayedPopularity(at: .earliest))
    }

    @Test("no views, however far in time they lie, overflow")
    func far() {
        let all = DecayedPopularity(at: .latest) + DecayedPopularity(at: .earliest) + DecayedPopularity.none
        #expect(all == DecayedPopularity(at: .latest))
        #expect(all.views(at: .earliest) > 0)
        #expect(DecayedPopularity.none + DecayedPopularity.none >= DecayedPopularity.none)
    }
}
