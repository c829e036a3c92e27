/// Why a client could not talk to the service.
package struct ClientError: Error, CustomStringConvertible {
    package let description: String
    /// Whether the request was on its way: the service may have taken it.
    package var wasSent = false

    package init(_ description: String) { self.description = description }
}
