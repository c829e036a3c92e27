/// A declared table whose rows the next rule set finds.
package struct KeptTable: Sendable, Hashable {
    package let name: String
    package let shape: TableShape

    package init(name: String, shape: TableShape) {
        self.name = name
        self.shape = shape
    }
}
