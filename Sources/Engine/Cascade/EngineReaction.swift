/// The entries on which the engine itself decides something.
enum EngineReaction: String {
    case voteCast = "vote.cast"
    case timerFired = "timer.fired"
    case overridden = "admin.override"
    case approved = "admin.override.approved"
    case retried = "deadletter.retried"
}
