/// What someone asked of a service.
struct ServiceRequest {
    let number: Int
    let service: Int
    let user: Int
    var isOpen = true

    var id: Ident { .request(number) }
}
