/// Why shares do not divide a whole; the raw value is the code.
package enum AllotmentError: String, Error, Sendable {
    case shareOutOfRange = "share_out_of_range"
    case twoRemaining = "two_remaining"
    case sumExceedsOne = "sum_exceeds_one"
    case sumBelowOne = "sum_below_one"
    /// The denominators have no common multiple of 64 bits.
    case sharesTooFine = "shares_too_fine"
}
