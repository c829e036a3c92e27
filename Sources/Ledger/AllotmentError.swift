/// Why shares do not divide a whole; the raw value is the code.
package enum AllotmentError: String, Error, Sendable {
    case shareOutOfRange = "share_out_of_range"
    case twoRemaining = "two_remaining"
    case sumExceedsOne = "sum_exceeds_one"
    case sumBelowOne = "sum_below_one"
    /// The denominators have no common multiple of 128 bits.
    case sharesTooFine = "shares_too_fine"
}

extension AllotmentError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .shareOutOfRange: "a share is 0 to 10000 basis points, a fraction such as `1/3`, or `remaining`"
        case .twoRemaining: "only one share may be `remaining`"
        case .sumExceedsOne: "the shares are more than the whole"
        case .sumBelowOne: "the shares are less than the whole, and none is `remaining`"
        case .sharesTooFine: "the shares have no common denominator of 128 bits"
        }
    }
}
