package import AgentKit

/// The marketplace's goods and orders.
package struct OrderState {
    package let products: Table<Product>
    package let orders: Table<Order>
    package let releases: Table<Release>
    /// By product, from a listing to the decision on it.
    let listings: Table<Listing>
    package let payments: Table<Payment>
    package let paymentReferences: Table<PaymentReference>
    package let chargebacks: Table<Chargeback>
    /// Orders whose cash a rider holds, by `CashPlace.key`: the oldest of each rider first.
    let cash: Table<CashPlace>
    let refundDebts: Table<RefundDebt>
    let orderDebts: Table<OrderDebts>
    let pendingRefunds: Table<PendingRefund>
    let refundees: Table<Refundee>

    init(in tables: TableSet) {
        products = tables.table("products")
        orders = tables.table("orders")
        releases = tables.table("releases")
        listings = tables.table("listings", isProjection: false)
        payments = tables.table("payments")
        paymentReferences = tables.table("paymentReferences")
        chargebacks = tables.table("chargebacks")
        cash = tables.table("orderCash", isProjection: false)
        refundDebts = tables.table("refundDebts", isProjection: false)
        orderDebts = tables.table("orderDebts", isProjection: false)
        pendingRefunds = tables.table("pendingRefunds", isProjection: false)
        refundees = tables.table("refundees", isProjection: false)
    }
}
