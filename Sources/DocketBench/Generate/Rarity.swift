/// Rare events, each of which occurs in every history the first time that it can.
enum Rarity {
    /// The buyer disputes a card payment with the provider.
    case chargeback
    /// Money of an attempt to pay comes after it was said to have failed.
    case latePayment
    /// One payment is reported in two messages.
    case repeatedPayment
    /// The seller forgets to send the goods.
    case unsentOrder
    /// The user of a service complains about it.
    case serviceComplaint
}
