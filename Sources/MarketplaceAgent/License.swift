package import AgentKit

/// The right to call a service.
package struct License: Row {
    package var id = ""
    package var requestId = ""
    package var serviceId = ""
    package var userId = ""
    package var status = LicenseStatus.active
    /// Absent where calls are not counted.
    package var callsLeft: Int64?
    /// Absent where it has no end in time.
    package var expires: Instant?

    package init() {}

    package static let name = "license"
    package static let fields: RowFields<License> = [
        .init("id", \.id), .init("requestId", \.requestId), .init("serviceId", \.serviceId),
        .init("userId", \.userId), .init("status", \.status), .init("callsLeft", \.callsLeft),
        .init("expires", \.expires),
    ]
}
