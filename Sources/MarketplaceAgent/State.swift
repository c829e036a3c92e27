package import AgentKit

/// The services on offer.
package struct MarketplaceState {
    package let services: Table<Service>

    init(in tables: TableSet) {
        services = tables.table("services")
    }
}
