package import AgentKit

/// A complaint against a seller or provider: the day it was opened, and whether it counts, which a rejected one does not.
package struct CountedComplaint: Row {
    package var buyerId = ""
    package var sellerId = ""
    /// What it is about, by `Trade.key`.
    package var trade = ""
    package var isOpen = false
    /// Counted like `TradeDay.number`.
    package var day: Int64 = 0
    package var counts = true
    /// The seller's trust before the complaint cost some.
    package var trust: Int64 = 0
    /// How many times it was closed as rejected: an override may close it again.
    package var rejections: Int64 = 0

    package init() {}

    package static let name = "countedComplaint"
    package static let fields: RowFields<CountedComplaint> = [
        .init("buyerId", \.buyerId), .init("sellerId", \.sellerId), .init("trade", \.trade), .init("isOpen", \.isOpen),
        .init("day", \.day), .init("counts", \.counts), .init("trust", \.trust), .init("rejections", \.rejections),
    ]
}
