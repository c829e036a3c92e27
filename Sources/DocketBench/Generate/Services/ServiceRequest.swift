/// What someone asked of a service.
struct ServiceRequest {
    let number: Int
    let service: Int
    let user: Int
    /// Whether it failed, so that its license holds no more.
    var isRevoked = false

    var id: Ident { .request(number) }
}
