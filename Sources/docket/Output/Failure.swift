import JSON

/// Ends a verb with a message on stderr and an exit code.
struct Failure: Error {
    let status: ExitStatus
    /// Lower case, without full stop; input in backticks, its controls escaped.
    let message: String

    /// A message of one line, whatever it quotes.
    init(_ status: ExitStatus, _ message: String) { self.init(status, page: VisibleText.line(message)) }

    /// A message that is laid out in lines: what it quotes has its line feeds escaped already.
    init(_ status: ExitStatus, page message: String) {
        self.status = status
        self.message = VisibleText.page(message)
    }
}
