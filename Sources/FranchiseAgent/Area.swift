package import AgentKit

/// A place that franchises are sold for; areas form a tree.
package struct Area: Row {
    package var id = ""
    package var parent: String?

    package init() {}

    package static let name = "area"
    package static let fields: RowFields<Area> = [.init("id", \.id), .init("parent", \.parent)]
}
