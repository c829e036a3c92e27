package import AgentKit

/// The license that a user can still use for a service; its key is the user and the service.
package struct OpenLicense: Row {
    package var licenseId = ""

    package init() {}

    package static let name = "openLicense"
    package static let fields: RowFields<OpenLicense> = [.init("licenseId", \.licenseId)]

    /// Identifiers hold no `/`.
    static func key(_ userId: String, _ serviceId: String) -> String { userId + "/" + serviceId }
}
