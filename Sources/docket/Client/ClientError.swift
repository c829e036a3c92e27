/// Why a client could not talk to the service.
struct ClientError: Error, CustomStringConvertible {
    let description: String
    /// Whether the request was on its way: the service may have taken it.
    var wasSent = false

    init(_ description: String) { self.description = description }
}
