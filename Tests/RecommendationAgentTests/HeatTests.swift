import AgentKit
import Foundation
import RecommendationAgent
import TestSupport
import Testing

@Suite("heat: views and orders, halved every 24 h")
struct HeatTests {
    private let now = Instant(milliseconds: 1_708_000_000_000)

    @Test("as many views as there were count at that moment", arguments: [1, 2, 3, 10, 100, 5000])
    func sum(count: Int64) {
        var heat = Heat.none
        for _ in 0..<count { heat = heat + Heat(at: now) }
        let views = heat.views(at: now)
        #expect(abs(views - count * 1024) <= max(2, count * 1024 / 100), "\(views)")
    }

    @Test("a day later half of a view is left, after ten days a thousandth")
    func halving() {
        let heat = Heat(at: now)
        #expect(heat.views(at: now) == 1024)
        #expect(heat.views(at: now.adding(seconds: 86_400)) == 512)
        #expect(heat.views(at: now.adding(seconds: 10 * 86_400)) == 1)
        #expect(heat.views(at: now.adding(seconds: 100 * 86_400)) == 0)
        #expect(Heat.none.views(at: now) == 0)
    }

    @Test("between the halvings it decays as it should")
    func decay() {
        var random = SeededGenerator.announced()
        for _ in 0..<1000 {
            let seconds = Int64(random.int(in: 0...864_000))
            let expected = 1024 * 1024 * pow(2, -Double(seconds) / 86_400)
            let views = Heat(at: now).doubled(10).views(at: now.adding(seconds: seconds))
            #expect(abs(Double(views) - expected) <= expected / 1000 + 1, "\(seconds) s: \(views), not \(expected)")
        }
    }

    @Test("what is hotter at one moment is hotter at every moment")
    func order() {
        let one = Heat(at: now.adding(seconds: 86_400))
        let three = Heat(at: now) + Heat(at: now) + Heat(at: now)
        #expect(one < three)
        #expect(Heat(at: now) + Heat(at: now) <= one)
        #expect(Heat.none < Heat(at: .earliest))
    }

    @Test("no views, however far in time they lie, overflow")
    func far() {
        let all = Heat(at: .latest) + Heat(at: .earliest) + Heat.none
        #expect(all == Heat(at: .latest))
        #expect(all.views(at: .earliest) > 0)
        #expect(Heat.none + Heat.none >= Heat.none)
    }
}
