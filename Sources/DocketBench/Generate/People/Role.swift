/// What a person does in the marketplace; the raw value is how events say it.
enum Role: String {
    case buyer, seller, affiliate, rider, provider
}
