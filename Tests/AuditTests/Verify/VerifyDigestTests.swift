import Testing

@testable import Audit

@Suite("sorting outside memory")
struct VerifyDigestTests {
    struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    @Test("runs in files and in memory merge into one order", arguments: [1, 10, 1000, 5000])
    func merge(_ run: Int) throws {
        let seed: UInt64 = 42
        print("seed \(seed)")
        var generator = Generator(state: seed)
        var digests = VerifyDigests(runDigests: run), all: [VerifyDigest] = []
        for place in 0..<4321 {
            let high: UInt64 = place % 7 == 0 ? 5 << 48 : generator.next()
            let digest = VerifyDigest(high: high, low: generator.next() % 3, place: UInt64(place), locator: 0)
            all.append(digest)
            if run > 10 || place < 200 { try digests.append(digest) }
        }
        var merge = try VerifyDigestMerge(digests.finish())
        var merged: [UInt64] = []
        while let digest = try merge.next() { merged.append(digest.place) }
        #expect(merged == all.prefix(run > 10 ? all.count : 200).sorted { $0 < $1 }.map(\.place))
    }

    @Test("no digests give none")
    func empty() throws {
        var merge = try VerifyDigestMerge([.memory([]), .memory([])])
        #expect(try merge.next().map(\.place) == nil)
    }
}
