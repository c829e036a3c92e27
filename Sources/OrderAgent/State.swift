package import AgentKit

/// The products on sale, and each order from its acceptance to the end of its money. Confined to the thread that folds
/// and decides; functions of rules, which run there too, hold it.
///
/// An order is paid by wallet, provider or cash. What a provider reports is a `Payment`, found again by the provider's
/// reference when a refund, a suspense match or a dispute (`Chargeback`) names it. Cash is collected by a rider and
/// covers the rider's oldest orders first (`CashPlace`). When escrow pays out, a `Release` remembers who received which
/// part, so that a correction can take back exactly that; what can no longer be taken back becomes a `RefundDebt`.
package struct OrderState: @unchecked Sendable {
    package let products: Table<Product>
    package let orders: Table<Order>
    package let releases: Table<Release>
    /// Listings that wait for a decision, by product.
    let listings: Table<Listing>
    package let payments: Table<Payment>
    package let paymentReferences: Table<PaymentReference>
    package let chargebacks: Table<Chargeback>
    /// Orders whose cash a rider holds, by `CashPlace.key`: each rider's oldest first.
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
