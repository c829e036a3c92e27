package import AgentKit

/// One running number.
package struct CounterRow: Row {
    package var value: Int64 = 0

    package init() {}

    package static let name = "walletCounter"
    package static let fields: RowFields<CounterRow> = [.init("value", \.value)]
}
