/// A declared record: a map whose members are known, so that an unknown one is a compile error.
package struct RecordType: Sendable {
    package struct Field: Sendable {
        package let name: String
        package let type: CELType
        /// Whether the member may be absent, so that `has()` means something.
        package let isOptional: Bool
        /// The texts a string member can be, for checks of meaning; empty where any text can stand there.
        package let values: [String]

        package init(_ name: String, _ type: CELType, isOptional: Bool = false, values: [String] = []) {
            self.name = name
            self.type = type
            self.isOptional = isOptional
            self.values = values
        }
    }

    package let name: String
    package let fields: [Field]

    package init(_ name: String, _ fields: [Field]) {
        self.name = name
        self.fields = fields
    }
}
