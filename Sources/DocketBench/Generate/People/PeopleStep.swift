/// What people do with their accounts; the numbers are theirs.
enum PeopleStep {
    case signUp
    /// Asks to have the identity verified.
    case proveIdentity(Int)
    /// Locks the coins that the next level wants; asking for it follows.
    case climb(Int)
    case askForLevel(Int, Level)
    case checkAccess(Int)
    case setPreferences(Int)
    case buyArea
    case leave(Int)
}
