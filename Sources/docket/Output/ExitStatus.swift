/// What the process's exit code says.
enum ExitStatus: Int32 {
    case done = 0
    /// What was checked is bad, or what was asked was refused.
    case refused = 1
    /// Wrong usage, or it could not run.
    case couldNotRun = 2
    /// Consistent but older than a checkpoint already seen, or not wholly covered by one.
    case stale = 3
}
