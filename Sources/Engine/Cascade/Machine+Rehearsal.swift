extension Machine {
    /// Plays triggers, those of the clock included, and takes all of it back: tables, chain, clock and timers. Rehearsals
    /// may lie within each other.
    package func rehearse<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        try attempt { () throws(E) in (try body(), isKept: false) }
    }

    /// Plays triggers, those of the clock included, and takes all of it back unless `body` says that it is kept.
    package func attempt<R, E: Error>(_ body: () throws(E) -> (R, isKept: Bool)) throws(E) -> R {
        let start = mark()
        let wasRehearsing = isRehearsing
        // What fires leaves these two, and their tables have it again afterwards.
        let (upcoming, waitingItems) = (state.upcoming, state.waitingItems)
        isRehearsing = true
        var isKept = false
        defer {
            isRehearsing = wasRehearsing
            if !isKept {
                undo(to: start)
                state.upcoming = upcoming
                state.waitingItems = waitingItems
            }
        }
        let result: R
        (result, isKept) = try body()
        return result
    }
}
