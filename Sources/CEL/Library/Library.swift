/// Every function that needs no declaration.
enum Library {
    static let functions: [String: Builtin] = {
        var table: [String: Builtin] = [:]
        for builtin in operators + conversions + times + strings + maths + lists + sets + encoders + optionals {
            table[builtin.name] = builtin
        }
        return table
    }()

    static func isOperator(_ name: String) -> Bool { symbol(of: name) != nil }

    /// How an operator is written.
    static func symbol(of name: String) -> String? {
        switch name {
        case "_+_": "+"
        case "_-_", "-_": "-"
        case "_*_": "*"
        case "_/_": "/"
        case "_%_": "%"
        case "_==_": "=="
        case "_!=_": "!="
        case "_<_": "<"
        case "_<=_": "<="
        case "_>_": ">"
        case "_>=_": ">="
        case "@in": "in"
        case "!_": "!"
        case "_[_]": "[]"
        case "_[?_]": "[?]"
        default: nil
        }
    }

    static let a = CELType.parameter("A")
    static let b = CELType.parameter("B")
    static let listOfA = CELType.list(a)
    static let mapOfAB = CELType.map(a, b)
}
