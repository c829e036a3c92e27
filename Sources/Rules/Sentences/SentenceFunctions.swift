import AgentKit
import CEL

/// The functions that sentences may call: formats, and nothing that knows a state.
enum SentenceFunctions {
    static var all: [Function] {
        words + [
            Function("number", [.init([.string], result: .string) { .string(number($0.text(0))) }]),
            Function("time", [.init([.timestamp], result: .string) { said($0) }]),
            Function(
                "list",
                [CELType.string, .timestamp, .duration, .int, .double, .money].map { element in
                    .init([.list(element)], result: .string) { said($0) }
                }),
            Function(
                "money",
                [
                    .init([.money], result: .string) { said($0) },
                    .init([.int, .string], result: .string) { money($0) },
                ]),
            Function("transfers", [.init([.string, .dyn], result: .string) { transfers($0) }]),
        ]
    }

    /// Those that need no entry, which rules may call as well.
    static var words: [Function] {
        [
            Function("words", [.init([.string], result: .string) { .string(SentenceText.words($0.text(0))) }]),
            Function("ordinal", [.init([.int], result: .string) { .string(SentenceText.ordinal($0.int(0))) }]),
            Function(
                "plural",
                [
                    .init([.int, .string], result: .string) {
                        .string(SentenceText.plural($0.int(0), $0.text(1)))
                    },
                    .init([.int, .string, .string], result: .string) {
                        .string(SentenceText.plural($0.int(0), $0.text(1), $0.text(2)))
                    },
                ]),
        ]
    }

    private static func money(_ arguments: Arguments) -> Value {
        guard let context = arguments.context as? SentenceContext else { return noEntry }
        return .string(context.currencies.said(arguments.int(0), arguments.text(1)))
    }

    private static func transfers(_ arguments: Arguments) -> Value {
        guard let context = arguments.context as? SentenceContext else { return noEntry }
        guard case .host(let host, let node) = arguments[1], let host = host as? JSONHost else {
            return .failure(.invalidArgument, "a list of transfers")
        }
        let list = RecordList<TransferView>(host.document, node)
        return .string(TransferWords(currencies: context.currencies).text(arguments.text(0), list))
    }

    private static var noEntry: Value { .failure(.invalidArgument, "no entry is being told") }

    private static func said(_ arguments: Arguments) -> Value {
        guard let context = arguments.context as? SentenceContext else { return noEntry }
        return .string(SentenceText.shown(arguments[0], as: .plain, context))
    }

    /// A sequence of 16 digits without its zeros.
    private static func number(_ sequence: String) -> String {
        EntrySequence(padded: sequence).map { "\($0.value)" } ?? sequence
    }
}

extension Arguments {
    fileprivate func text(_ index: Int) -> String { self[index].stringValue ?? "" }
    fileprivate func int(_ index: Int) -> Int64 { self[index].intValue ?? 0 }
}
