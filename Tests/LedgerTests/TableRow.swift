import AgentKit
import JSON

/// One object of a table. `null` is absent; nothing else is read as absent because it is of another kind.
struct TableRow {
    let view: View

    /// - Throws: where the value is no object.
    init(_ view: View) throws(TableError) {
        guard view.kind == .object else { throw TableError(pointer: view.pointer, message: "not an object") }
        self.view = view
    }

    private func field(_ name: StaticString) -> View? {
        view[name].flatMap { $0.isNull ? nil : $0 }
    }

    /// A text; nil where it is absent.
    func text(_ name: StaticString) throws(TableError) -> String? {
        guard let field = field(name) else { return nil }
        guard let text = field.string else { throw TableError(pointer: field.pointer, message: "not a string") }
        return text
    }

    /// An integer from 0 to 2^53 - 1, in any spelling of JSON; nil where it is absent.
    func number(_ name: StaticString) throws(TableError) -> Int64? {
        guard let field = field(name) else { return nil }
        guard let number = field.int, number >= 0 else {
            throw TableError(pointer: field.pointer, message: "not an integer from 0")
        }
        return number
    }

    /// `true` or `false`; nil where it is absent.
    func bool(_ name: StaticString) throws(TableError) -> Bool? {
        guard let field = field(name) else { return nil }
        guard let bool = field.bool else { throw TableError(pointer: field.pointer, message: "not true or false") }
        return bool
    }

    /// The elements of a list; nil where it is absent.
    func list(_ name: StaticString) throws(TableError) -> [View]? {
        guard let field = field(name) else { return nil }
        guard field.kind == .array else { throw TableError(pointer: field.pointer, message: "not a list") }
        return Array(field.children)
    }

    /// The sum of the named flags; nil where there is no list.
    func flags<Flags: OptionSet>(_ named: (String) -> Flags?) throws(TableError) -> Flags? {
        guard let list = try list("flags") else { return nil }
        var flags: Flags = []
        for name in list {
            guard let flag = name.string.flatMap(named) else {
                throw TableError(pointer: name.pointer, message: "no such flag")
            }
            flags.formUnion(flag)
        }
        return flags
    }
}
