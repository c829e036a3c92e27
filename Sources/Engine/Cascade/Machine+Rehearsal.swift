extension Machine {
    /// Plays triggers, those of the clock included, and takes all of it back: tables, chain, clock and timers. Rehearsals
    /// may lie within each other.
    package func rehearse<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        let start = mark()
        let wasRehearsing = isRehearsing
        isRehearsing = true
        defer {
            isRehearsing = wasRehearsing
            undo(to: start)
            // Timers that fired have left the heap; their table has them again.
            state.upcoming.reset()
            state.waitingItems.reset()
        }
        return try body()
    }
}
