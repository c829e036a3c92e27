/// What happens in the shop; people, products and orders are given by their numbers.
enum ShopStep {
    /// A seller lists goods.
    case list(Int)
    case restock(Int)
    /// Someone looks around, and may order.
    case visit(Int)
    /// Someone opens the shop and leaves at once.
    case lookIn(Int)
    case search(by: Int, product: Int)
    case view(by: Int, product: Int)
    case place(by: Int, product: Int)
    /// The provider answers.
    case authorize(Int)
    case fail(Int)
    /// The provider vouches for an order that needs it no more.
    case authorizeAgain(Int)
    /// The money of an attempt that failed comes all the same.
    case authorizeLate(Int, attempt: Int, method: Order.Method)
    /// The provider reports the payment of an order once more.
    case repeatAuthorization(Int)
    case retry(Int)
    /// The provider answers what was asked back.
    case payBack(Int)
    case dispute(Int)
    case closeDispute(Int)
    /// Cash is handed in.
    case remit(Int)
    case dispatch(Int)
    case deliver(Int)
    case complete(Int)
    /// The buyer said nothing for 14 days.
    case completeByTime(Int)
    case rate(Int)
    case cancel(Int)
    case complain(Int)
    /// The buyer complains about goods that were never sent.
    case complainUnsent(Int)
    case resolve(Int)
    /// Nobody answered the complaint.
    case giveUp(Int)
}
