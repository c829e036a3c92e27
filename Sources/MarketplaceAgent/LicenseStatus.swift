import AgentKit

/// Whether a license can be used.
package enum LicenseStatus: String, RowValue, CaseIterable, Sendable {
    case active
    /// Used up, or out of time.
    case expired
    /// Taken back, as the money was.
    case revoked
}
