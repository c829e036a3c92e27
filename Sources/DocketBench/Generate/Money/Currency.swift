/// The currencies of a history; the raw value is how events say it.
enum Currency: String, CaseIterable {
    case rupees = "PKR"
    case dollars = "USD"
    case coins = "EHBGC"
}
