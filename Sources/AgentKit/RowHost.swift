package import CEL
import Synchronization

/// One row as rules read it.
package final class RowHost<R: Row>: HostObject, @unchecked Sendable {
    package let row: R

    package init(_ row: R) { self.row = row }

    package func count(_ node: UInt32) -> Int {
        R.fields.reduce(0) { $0 + ($1.read(row) == nil ? 0 : 1) }
    }

    package func member(_ node: UInt32, _ name: FieldName) -> Value? {
        let fields = R.fields
        let hint = Int(truncatingIfNeeded: name.hint.load(ordering: .relaxed))
        if hint < fields.count, fields[hint].name == name.text { return fields[hint].read(row) }
        guard let index = fields.firstIndex(where: { $0.name == name.text }) else { return nil }
        name.hint.store(UInt64(index), ordering: .relaxed)
        return fields[index].read(row)
    }

    package func key(_ node: UInt32, at position: Int) -> Value {
        let present = R.fields.filter { $0.read(row) != nil }.map(\.name)
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return position < present.count ? .string(present[position]) : .null
    }
}
