/// What someone asked of a service.
struct ServiceRequest {
    let number: Int
    let service: Int
    let user: Int
    var isPaid = false
    /// Whether it failed, so that its license holds no more.
    var isRevoked = false

    var complaint: Ident { Ident(prefix: "C-S-", number: number) }
    var id: Ident { .request(number) }
}
