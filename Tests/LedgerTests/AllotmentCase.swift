import AgentKit
import JSON
import Ledger

/// One row of an allotment table.
enum AllotmentCase {
    /// Nil where the parts, or the refusal, are as the row says.
    static func failure(of test: View) -> String? {
        let expected = test["expect"]
        let refusal = expected?["error"]?.string
        do throws(AllotmentError) {
            let parts = try Allotment(shares(test)).parts(of: test.amount("amount"))
            var wanted: [Amount] = []
            if refusal == nil { expected?.forEachElement { wanted.append(Amount($0.int ?? -1)) } }
            return refusal != nil || parts != wanted ? "got \(parts.map(\.minorUnits))" : nil
        } catch {
            return error.rawValue == refusal ? nil : "got \(error.rawValue)"
        }
    }

    private static func shares(_ test: View) throws(AllotmentError) -> [Share] {
        var shares: [Share] = []
        guard let list = test["shares"] else { return [] }
        for index in 0..<list.count {
            let share = list.element(index)
            if let text = share.string {
                shares.append(try Share(text))
            } else {
                shares.append(try Share(basisPoints: share.int ?? -1))
            }
        }
        return shares
    }
}
