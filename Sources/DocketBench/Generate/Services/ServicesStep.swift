/// What happens in the AI marketplace; people, services and requests are given by their numbers.
enum ServicesStep {
    case register(Int)
    case turn(Int)
    case ask(Int)
    case deliver(Int)
    case fail(Int)
    /// A call under the license of a request, and how many follow.
    case call(Int, more: Int)
    case complain(Int)
    /// The franchise of the user's area answers the complaint.
    case resolve(Int)
    case report(Int)
    case review(Int)
    /// A day has gone by.
    case age
}
