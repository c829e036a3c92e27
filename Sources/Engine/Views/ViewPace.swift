/// The time at which few changes are written to the views too, so that who reads these beside the service has little to
/// fold: once nothing has changed for a second, and after ten seconds in any case.
struct ViewPace {
    static let quietMilliseconds: Int64 = 1_000
    static let behindMilliseconds: Int64 = 10_000

    /// The number of changes that wait, as of the last look.
    private var seen = 0
    /// Time of the first of them.
    private var began: Int64 = 0
    /// Time at which their number changed last.
    private var changed: Int64 = 0

    /// Notes the number of changes that wait now, at a time in milliseconds.
    mutating func look(_ changes: Int, at now: Int64) {
        guard changes != seen else { return }
        if seen == 0 || changes < seen { began = now }
        seen = changes
        changed = now
    }

    /// The time until they are due, in milliseconds; nil where there are none.
    func wait(at now: Int64) -> Int64? {
        guard seen > 0 else { return nil }
        return max(0, min(changed + Self.quietMilliseconds, began + Self.behindMilliseconds) - now)
    }
}
