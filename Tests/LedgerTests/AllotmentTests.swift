import AgentKit
import JSON
import Ledger
import TestSupport
import Testing

@Suite("allotment")
struct AllotmentTests {
    @Test("whatever the shares, nothing is lost or made and a share of 0 gets nothing")
    func conservation() throws {
        let seed: UInt64 = 0xA110_7000
        print("allotment: seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<10_000 {
            var left = 10_000
            var shares: [Int64] = []
            for _ in 0..<random.below(6) {
                let part = random.chance(20) ? 0 : random.below(left + 1)
                shares.append(Int64(part))
                left -= part
            }
            let amount = Amount(Int64(random.next() % 9_007_199_254_740_992))
            let parts = try Allotment(shares.map { try Share(basisPoints: $0) } + [.remaining]).parts(of: amount)
            #expect(parts.reduce(.zero, +) == amount)
            for (part, share) in zip(parts, shares) {
                let floor = amount.basisPoints(share)
                #expect(part == floor || (share > 0 && part == floor + Amount(1)))
            }
            if left == 0 { #expect(parts.last == .zero) }
        }
    }

    @Test("99 at 50/50 gives the odd unit to the first")
    func oddUnit() throws {
        let half = try Share(basisPoints: 5000)
        #expect(try Allotment([half, half]).parts(of: Amount(99)) == [Amount(50), Amount(49)])
    }

    @Test("shares without a small common denominator are exact too, up to 128 bits")
    func fine() throws {
        let primes = ["1/1000000007", "1/998244353", "1/1000000009"]
        let fine = try Allotment(primes.map { try Share($0) } + [.remaining])
        #expect(fine.parts(of: Amount(100)) == [1, 0, 0, 99].map(Amount.init))
        let great = fine.parts(of: .greatest).map(\.minorUnits)
        #expect(great == [9_007_200, 9_023_040, 9_007_199, 9_007_199_227_703_552])
        #expect(throws: AllotmentError.sharesTooFine) {
            try Allotment(
                [try Share("1/999999999999999989"), try Share("1/999999999999999967"), try Share("1/1009"), .remaining])
        }
    }

    @Test(
        "a share is refused where it is not spelled as digits over digits",
        arguments: ["1/0", "-1/2", "1 /2", "1", "", "+1/2"])
    func spelling(text: String) {
        #expect(throws: AllotmentError.shareOutOfRange) { try Share(text) }
    }
}

/// One row of an allotment table.
enum AllotmentCase {
    private enum Answer: Equatable {
        case parts([Int64])
        case refused(String)
    }

    /// Returns the difference from the row; nil where the parts, or the refusal, are as expected.
    static func failure(of test: TableRow) throws(TableError) -> String? {
        let wanted = try expectation(test)
        let amount = Amount(try test.number("amount") ?? 0)
        var shares: [Result<Share, AllotmentError>] = []
        for view in try test.list("shares") ?? [] { shares.append(try share(view)) }
        let given = answer(amount, shares)
        return given == wanted ? nil : "got \(given), not \(wanted)"
    }

    private static func answer(_ amount: Amount, _ shares: [Result<Share, AllotmentError>]) -> Answer {
        do throws(AllotmentError) {
            var read: [Share] = []
            for share in shares { read.append(try share.get()) }
            return .parts(try Allotment(read).parts(of: amount).map(\.minorUnits))
        } catch {
            return .refused(error.rawValue)
        }
    }

    private static func expectation(_ test: TableRow) throws(TableError) -> Answer {
        guard let expected = test.view["expect"] else {
            throw TableError(pointer: test.view.pointer, message: "no `expect`")
        }
        if expected.kind == .object { return .refused(try TableRow(expected).text("error") ?? "") }
        var parts: [Int64] = []
        for part in try test.list("expect") ?? [] {
            guard let units = part.int else { throw TableError(pointer: part.pointer, message: "not an integer") }
            parts.append(units)
        }
        return .parts(parts)
    }

    /// Reads basis points from a number, or a share from a text. A number that is not an integer is out of range.
    private static func share(_ view: View) throws(TableError) -> Result<Share, AllotmentError> {
        do throws(AllotmentError) {
            if let text = view.string { return .success(try Share(text)) }
            if view.double != nil { return .success(try Share(basisPoints: view.int ?? -1)) }
        } catch {
            return .failure(error)
        }
        throw TableError(pointer: view.pointer, message: "no share")
    }
}
