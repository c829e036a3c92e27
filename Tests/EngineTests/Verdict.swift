import Engine
import EventLog

extension AppendAnswer.Outcome {
    /// What a client is told in one word, with the kind of problem where there is one: `appended`, `exists`, `refused clock`.
    var verdict: String {
        switch self {
        case .appended, .tentative, .recorded(_, _, isNew: true): "appended"
        case .recorded(_, _, isNew: false): "exists"
        case .refused(let problem): "refused \(problem.kind.rawValue)"
        }
    }
}

extension AppendAnswer {
    var verdicts: [String] { outcomes.map(\.verdict) }

    /// The sequences that problems name.
    var sequences: [UInt64] {
        outcomes.compactMap { if case .refused(let problem) = $0 { problem.sequence } else { nil } }
    }

    /// For each event the bytes of its entry and of its decisions; empty where it was refused.
    var entries: [[[UInt8]]] {
        outcomes.map { outcome in
            switch outcome {
            case .appended(let first, let count):
                (first..<first + count).map { index in chain.withEntry(index) { [UInt8]($0) } }
            case .tentative(let entries), .recorded(_, let entries, _): entries
            case .refused: []
            }
        }
    }
}
