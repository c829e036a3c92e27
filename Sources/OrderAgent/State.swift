package import AgentKit

/// The marketplace's goods and orders.
package struct OrderState {
    package let products: Table<Product>
    package let orders: Table<Order>
    package let releases: Table<Release>

    init(in tables: TableSet) {
        products = tables.table("products")
        orders = tables.table("orders")
        releases = tables.table("releases")
    }
}
