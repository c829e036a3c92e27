import AgentKit

/// The members of a declared record.
package final class RecordSchema: Sendable {
    package struct Member: Hashable, Sendable {
        package let name: String
        package let type: DeclaredType
        package let isOptional: Bool
        let constraint: Constraint?
        let utf8: [UInt8]

        init(name: String, type: DeclaredType, isOptional: Bool, constraint: Constraint?) {
            self.name = name
            self.type = type
            self.isOptional = isOptional
            self.constraint = constraint
            utf8 = Array(name.utf8)
        }
    }

    /// The name of the record in type checks, unique in a rule set.
    package let name: String
    /// In the order of RFC 8785.
    package let members: [Member]
    /// The positions in `members` in the order of the declaration.
    let declaredOrder: [Int]
    let isCopiedAsWritten: Bool
    let holdsAnything: Bool

    init(name: String, declared: [Member]) {
        self.name = name
        let order = declared.indices.sorted { JCS.precedes(declared[$0].name, declared[$1].name) }
        members = order.map { declared[$0] }
        var positions = Array(repeating: 0, count: declared.count)
        for (position, index) in order.enumerated() { positions[index] = position }
        declaredOrder = positions
        isCopiedAsWritten = declared.allSatisfy(\.type.isCopiedAsWritten)
        holdsAnything = declared.contains { $0.type.holdsAnything }
    }

    func index(of name: String) -> Int? { members.firstIndex { $0.utf8.elementsEqual(name.utf8) } }

    /// As a file would declare it.
    package var text: String {
        "{"
            + declaredOrder.map { index in
                let member = members[index]
                return member.name + ": " + (member.isOptional ? "optional " : "") + member.type.text
            }.joined(separator: ", ") + "}"
    }
}

extension RecordSchema: Hashable {
    package static func == (a: RecordSchema, b: RecordSchema) -> Bool { a === b || a.members == b.members }
    package func hash(into hasher: inout Hasher) { hasher.combine(members.count) }
}
