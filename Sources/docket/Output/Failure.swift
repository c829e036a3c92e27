/// Ends a verb with a message on stderr and an exit code.
struct Failure: Error {
    let status: ExitStatus
    /// Lower case, without full stop; input in backticks.
    let message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }
}
