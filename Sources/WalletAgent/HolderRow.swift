package import AgentKit

/// Who may have a wallet; its key is the user.
package struct HolderRow: Row {
    /// Whether the person's data is erased: the wallet is used no more.
    package var isErased = false

    package init() {}

    init(isErased: Bool) { self.isErased = isErased }

    package static let name = "holder"
    package static let fields: RowFields<HolderRow> = [.init("isErased", \.isErased)]
}
