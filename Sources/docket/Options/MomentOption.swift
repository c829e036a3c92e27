import Engine

/// A place in history on the command line.
enum MomentOption {
    /// Nil, for the newest, where nothing is named; refuses what is neither a sequence nor a time.
    static func moment(_ text: String?) throws(Failure) -> Moment? {
        guard let text else { return nil }
        guard let moment = Moment(text) else {
            throw Failure(.couldNotRun, "`\(text)` is neither a sequence nor a time such as `2024-02-16T16:00:00Z`")
        }
        return moment
    }
}
