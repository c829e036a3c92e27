/// A commit that is not durable: nothing of it was kept, and its clients are told to try again.
struct CommitFailure: Error {
    let problem: Problem
}
