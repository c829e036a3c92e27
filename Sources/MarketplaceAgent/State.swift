package import AgentKit

/// The services on offer, who asked for them and who may use them.
package struct MarketplaceState {
    package let services: Table<Service>
    package let requests: Table<ServiceRequest>
    package let licenses: Table<License>
    /// By `OpenLicense.key`.
    package let openLicenses: Table<OpenLicense>

    init(in tables: TableSet) {
        services = tables.table("services")
        requests = tables.table("serviceRequests")
        licenses = tables.table("licenses")
        openLicenses = tables.table("openLicenses")
    }
}
