package import AgentKit

extension RecommendationAgent {
    /// Cards that can be asked for at once.
    private static let cardsMax: Int64 = 100

    /// `recommend(user, limit)` and `popular(user, limit)`, each also with a map of figures: cards `{id, kind, score}`,
    /// the best first.
    package static func functions(_ state: RecommendationState) -> [Function] {
        [
            function("recommend", state) { user, limit, scoring, now in
                do throws(RecommendationState.Refusal) {
                    return cards(try state.recommend(user, limit, scoring, at: now))
                } catch {
                    return .failure(.invalidArgument, "the session's place is not on Earth")
                }
            },
            function("popular", state) { cards(state.popular($0, $1, $2, at: $3)) },
        ]
    }

    private static func cards(_ cards: [Card]) -> Value { .list(cards.map(\.celValue)) }

    private static func function(
        _ name: String, _ state: RecommendationState,
        _ body: @escaping @Sendable (String, Int, Scoring, Instant) -> Value
    ) -> Function {
        let answer: Function.Body = { arguments in
            guard let user = arguments[0].stringValue, let limit = arguments[1].intValue, limit >= 0,
                limit <= cardsMax
            else { return .failure(.invalidArgument, "a user and a number of cards") }
            guard let scoring = arguments.count > 2 ? Scoring(arguments[2]) : Scoring() else {
                return .failure(.invalidArgument, "figures are integers of 0 to 10,000")
            }
            return body(user, Int(limit), scoring, state.context.recordedTime)
        }
        return Function(
            name,
            [
                .init([.string, .int], result: .list(.dyn), cost: 1000, body: answer),
                .init([.string, .int, .dyn], result: .list(.dyn), cost: 1000, body: answer),
            ])
    }
}
