import AgentKit
import JSON
import Ledger

/// One row of an allotment table.
enum AllotmentCase {
    private enum Answer: Equatable {
        case parts([Int64])
        case refused(String)
    }

    /// What is not as the row says; nil where the parts, or the refusal, are.
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

    /// Basis points as a number, or a text. A number that is no integer is a share out of range.
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
