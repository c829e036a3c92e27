package import CEL

/// A whole projection as rules read it: a map from key to row.
package final class TableHost: HostObject, @unchecked Sendable {
    package let table: AnyTable

    package init(_ table: AnyTable) { self.table = table }

    package func count(_ node: UInt32) -> Int {
        var count = 0
        table.forEachKey { _ in
            count += 1
            return true
        }
        return count
    }

    package func member(_ node: UInt32, _ name: FieldName) -> Value? { table.value(name.text) }

    package func member(_ node: UInt32, key: Value) -> Value? { key.stringValue.flatMap { table.value($0) } }

    package func key(_ node: UInt32, at position: Int) -> Value {
        var seen = 0
        var found = Value.null
        table.forEachKey { key in
            if seen == position { found = .string(key) }
            seen += 1
            return seen <= position
        }
        return found
    }
}
