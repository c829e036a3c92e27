import Testing

@testable import DocketBench

@Suite("the benchmark of recommendations")
struct RecommendationBenchTests {
    private func figures(taste: Int, seed: UInt64) -> RecommendationFigures {
        var plan = InteractionHistory.Plan()
        plan.products = 2000
        plan.users = 300
        plan.tastePercent = taste
        plan.isLocal = false
        plan.seed = seed
        var bench = RecommendationBench(.planted(plan), seed: seed)
        return bench.run()
    }

    @Test("where there is a taste to find, recommendations beat what is most popular, and show much more")
    func tastes() {
        let figures = figures(taste: 90, seed: 7)
        #expect(figures.asked == 300)
        #expect(4 * figures.recommended.hits > 5 * figures.popular.hits)
        #expect(figures.recommended.hits > 10 * figures.random.hits)
        #expect(figures.coverage(figures.recommended) > 4 * figures.coverage(figures.popular))
    }

    @Test("the same seed gives the same cards")
    func seeds() {
        let first = figures(taste: 70, seed: 3), second = figures(taste: 70, seed: 3)
        #expect(first.recommended.hits == second.recommended.hits)
        #expect(first.recommended.shown == second.recommended.shown)
        #expect(first.recommended.shown != figures(taste: 70, seed: 4).recommended.shown)
    }

    @Test("a file of interactions may have ratings, a heading and tabs")
    func file() throws {
        let commas = try InteractionHistory.read(
            interactions: ["user,item,time", "a,x,30", "a,y,10.0", "b,x,20", "a,z,40"].map { $0[...] },
            items: ["x,Thing,red round"])
        #expect(commas.interactions.map(\.time) == [10, 20, 30, 40])
        #expect(commas.interactions.map(\.isAsked) == [false, false, false, true])
        #expect(commas.userCount == 2 && commas.offers.count == 3)
        #expect(commas.offers[0].tags == ["red", "round"] && commas.offers[0].category == "red")
        let tabs = try InteractionHistory.read(interactions: ["a\tx\t5\t30", "a\ty\t1\t10"], items: [])
        #expect(tabs.interactions.map(\.time) == [10, 30])
        let error = try #require(throws: InteractionHistory.LineError.self) {
            try InteractionHistory.read(interactions: ["a,x,1", "a,x,soon"], items: [])
        }
        #expect(error.description == "2: the time is no number")
    }
}

@Suite("CEL benchmark")
struct CELBenchmarkTests {
    @Test("every case compiles and gives what it should")
    func cases() throws {
        let cases = try CELBenchmark.cases()
        for one in cases { one.run() }
        #expect(
            cases.map(\.name) == [
                "main", "first part false", "one comparison", "has with ternary", "exists over 8", "matches", "compile",
            ])
    }
}
