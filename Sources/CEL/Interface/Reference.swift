/// One use of a variable, or of a member reached from it by selections alone.
package struct Reference: Hashable, Sendable {
    package let variable: String
    /// The members selected from the variable, in order; empty for the variable itself.
    package let path: [String]
    /// The record that declares the last member of the path, where it is one.
    package let record: String?
    /// Whether `has`, an optional selection or a guard on the same path stands before the use.
    package let isGuarded: Bool
    /// In UTF-8 bytes from the start of the source.
    package let offset: Int

    package init(variable: String, path: [String], record: String?, isGuarded: Bool, offset: Int) {
        self.variable = variable
        self.path = path
        self.record = record
        self.isGuarded = isGuarded
        self.offset = offset
    }
}
