import Engine
import HTTPTypes

/// How a request asks for its events to be appended.
struct AppendOptions: Sendable {
    var isAtomic = false
    var isDryRun = false
    var expected = ExpectedSequence.any

    init(isAtomic: Bool = false, isDryRun: Bool = false) {
        self.isAtomic = isAtomic
        self.isDryRun = isDryRun
    }

    init(_ call: Call) throws(ProblemReply) {
        try call.query.allow("atomic", "dryRun")
        isAtomic = try call.query.flag("atomic")
        isDryRun = try call.query.flag("dryRun")
        guard let text = call.fields[.docketExpectedSequence] else { return }
        guard let expected = ExpectedSequence(text) else {
            throw .malformed("`Docket-Expected-Sequence` is a sequence, `none` or `any`, not `\(text)`")
        }
        self.expected = expected
    }
}
