package import AgentKit

/// One running number or sum of money, which has no end.
package struct CounterRow: Row {
    package var value = Total.zero

    package init() {}

    package static let name = "walletCounter"
    package static let fields: RowFields<CounterRow> = [.init("value", \.value)]
}
