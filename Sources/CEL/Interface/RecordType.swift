/// A declared record: a map whose members are known, so that an unknown one is a compile error.
package struct RecordType: Sendable {
    package struct Field: Sendable {
        package let name: String
        package let type: CELType
        /// Whether the member may be absent, so that `has()` means something.
        package let isOptional: Bool

        package init(_ name: String, _ type: CELType, isOptional: Bool = false) {
            self.name = name
            self.type = type
            self.isOptional = isOptional
        }
    }

    package let name: String
    package let fields: [Field]

    package init(_ name: String, _ fields: [Field]) {
        self.name = name
        self.fields = fields
    }
}
