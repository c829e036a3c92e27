/// Calls, operators and indexes.
extension Checker {
    mutating func call(
        _ tree: Expression, _ function: String, _ target: Expression?, _ arguments: [Expression]
    ) -> CELType {
        guard let target else { return global(tree, function, arguments) }
        if let space = qualifiedName(target) {
            for candidate in candidates(space + "." + function) where hasGlobal(candidate) {
                tree.resolution = .function(candidate)
                return overload(tree, candidate, arguments.map { check($0) }, isMember: false)
            }
        }
        let types = [check(target)] + arguments.map { check($0) }
        guard exists(function) else {
            tree.resolution = .unknown
            unknown(tree, function, isMember: true, receiver: types[0])
            return .error
        }
        if function == "format" { checkFormat(target, arguments) }
        return overload(tree, function, types, isMember: true)
    }

    private mutating func global(_ tree: Expression, _ function: String, _ arguments: [Expression]) -> CELType {
        let types = arguments.map { check($0) }
        if Library.isOperator(function) {
            if Comparison(function) != nil, comparesWithZero(arguments, types) { return .bool }
            return overload(tree, function, types, isMember: false)
        }
        for candidate in candidates(function) where exists(candidate) {
            tree.resolution = .function(candidate)
            judge(tree, candidate, arguments)
            return overload(tree, candidate, types, isMember: false)
        }
        tree.resolution = .unknown
        unknown(tree, function, isMember: false, receiver: nil)
        return .error
    }

    private func exists(_ function: String) -> Bool {
        Library.functions[function] != nil || environment.functions[function] != nil
    }

    private func hasGlobal(_ function: String) -> Bool {
        if let builtin = Library.functions[function], builtin.signatures.contains(where: { !$0.isMember }) {
            return true
        }
        return environment.functions[function]?.overloads.contains { !$0.isMember } ?? false
    }

    private mutating func unknown(_ tree: Expression, _ function: String, isMember: Bool, receiver: CELType?) {
        if case .error = receiver { return }
        let shown = function.hasPrefix(".") ? String(function.dropFirst()) : function
        let known =
            Library.functions.filter { $0.value.signatures.contains { $0.isMember == isMember } }.map(\.key)
            + environment.functions.filter { $0.value.overloads.contains { $0.isMember == isMember } }.map(\.key)
        report(
            tree.range,
            "unknown function `\(shown)`"
                + Suggestion.text(for: shown, among: known.filter { $0.utf8.first != UInt8(ascii: "_") }))
    }

    /// Result type of the overloads that fit; `dyn` if several fit with different results.
    mutating func overload(_ tree: Expression, _ function: String, _ types: [CELType], isMember: Bool) -> CELType {
        var result: CELType?
        func consider(_ signature: Signature, _ inference: inout TypeInference) {
            guard signature.isMember == isMember, signature.parameters.count == types.count else { return }
            let (parameters, output) = inference.instantiate(signature)
            guard inference.isAssignable(types, to: parameters) else { return }
            let resolved = inference.resolve(output)
            if let known = result {
                if known != resolved { result = .dyn }
            } else {
                result = resolved
            }
        }
        for signature in Library.functions[function]?.signatures ?? [] { consider(signature, &inference) }
        for declared in environment.functions[function]?.overloads ?? [] {
            consider(Signature(declared.parameters, declared.result, isMember: declared.isMember), &inference)
        }
        if let result { return result }
        if types.contains(where: { inference.resolve($0) == .error }) { return .error }
        mismatch(tree, function, types, isMember: isMember)
        return .error
    }

    private mutating func mismatch(_ tree: Expression, _ function: String, _ types: [CELType], isMember: Bool) {
        let names = types.map { "`\(name($0))`" }
        if function == "_[_]" || function == "_[?_]" {
            report(tree.range, "a value of type \(names[0]) has no element \(names[1])")
        } else if let symbol = Library.symbol(of: function) {
            let operands = names.joined(separator: " and ")
            report(tree.range, "`\(symbol)` does not take \(operands)" + moneyHint(function, types))
        } else if isMember {
            let rest = names.dropFirst().joined(separator: ", ")
            report(tree.range, "`\(names[0].dropFirst().dropLast())` has no `\(function)` that takes (\(rest))")
        } else {
            report(tree.range, "`\(function)` does not take (\(names.joined(separator: ", ")))")
        }
    }

    /// Returns whether money is compared with a literal 0, which needs no currency.
    private func comparesWithZero(_ operands: [Expression], _ types: [CELType]) -> Bool {
        guard operands.count == 2, let money = types.firstIndex(where: { inference.resolve($0) == .money }),
            case .literal(.int(0)) = operands[1 - money].kind
        else { return false }
        return true
    }

    /// Hint for a mismatch of money and a number; empty for any other.
    private func moneyHint(_ function: String, _ types: [CELType]) -> String {
        let types = types.map { inference.resolve($0) }
        guard types.contains(.money), types.contains(.int) else { return "" }
        return Comparison(function) == nil
            ? ": a number is no money without its currency" : ": money is compared with money or a literal 0"
    }

    mutating func index(
        _ tree: Expression, _ operand: Expression, _ index: Expression, _ isOptional: Bool
    ) -> CELType {
        let mark = references.count
        let type = resolved(operand)
        if case .literal(.string(let field)) = index.kind {
            index.type = .string
            if let result = namedIndex(tree, operand, type, field, isOptional, mark) { return result }
        } else {
            check(index)
        }
        if case .record = type {
            let key = inference.isAssignable(index.type, to: .string)
            if !key { report(index.extent, "a record's key is a `string`, found `\(name(index.type))`") }
            return isOptional ? .optional(.dyn) : .dyn
        }
        return overload(tree, isOptional ? "_[?_]" : "_[_]", [type, index.type], isMember: false)
    }

    /// Checks `a["b"]` as the selection `a.b`; nil if `a` cannot have members.
    private mutating func namedIndex(
        _ tree: Expression, _ operand: Expression, _ type: CELType, _ field: String, _ isOptional: Bool, _ mark: Int
    ) -> CELType? {
        let isMember =
            switch type {
            case .map(let key, _): inference.isAssignable(.string, to: key)
            case .record, .dyn, .error: true
            default: false
            }
        guard isMember else { return nil }
        let (result, record) = fieldType(tree, type, field, isOptional ? .optional : .plain)
        extendReference(from: mark, operand, field, record, isOptional, tree)
        return isOptional ? .optional(result) : result
    }
}

/// Compile-time checks of arguments by the functions that take them.
extension Checker {
    /// Asks the function's `judge` about the known arguments of a call.
    mutating func judge(_ tree: Expression, _ function: String, _ arguments: [Expression]) {
        guard let judge = environment.functions[function]?.judge, let message = judge(arguments.map(known)) else {
            return
        }
        report(tree.extent, message)
    }

    private func known(_ tree: Expression) -> KnownArgument {
        switch tree.kind {
        case .literal(let value): return .value(value)
        case .identifier(let name):
            guard case .variable = tree.resolution, let value = environment.constants[name] else { return .unknown }
            return .value(value)
        case .select(let operand, let field, .plain): return known(operand).member(field)
        case .index(let operand, let index, false):
            guard case .literal(.string(let field)) = index.kind else { return .unknown }
            return known(operand).member(field)
        case .list(let elements):
            return elements.contains { $0.isOptional } ? .unknown : .list(elements.map { known($0.value) })
        case .map(let entries): return known(entries)
        default: return .unknown
        }
    }

    private func known(_ entries: [Expression.Entry]) -> KnownArgument {
        var members: [String: KnownArgument] = [:]
        for entry in entries {
            guard !entry.isOptional, case .literal(.string(let name)) = entry.key.kind else { return .unknown }
            members[name] = known(entry.value)
        }
        return .map(members)
    }
}

/// Compile-time check of `format` with a literal pattern and a literal list.
extension Checker {
    mutating func checkFormat(_ target: Expression, _ arguments: [Expression]) {
        guard case .literal(.string(let pattern)) = target.kind, arguments.count == 1,
            case .list(let elements) = arguments[0].kind, !elements.contains(where: \.isOptional)
        else { return }
        var clauses: [UInt8] = []
        var rest = Array(pattern.utf8)[...]
        while let percent = rest.firstIndex(of: UInt8(ascii: "%")) {
            rest = rest[(percent + 1)...].drop { $0 == UInt8(ascii: ".") || Lexer.isDigit($0) }
            guard let letter = rest.popFirst() else { break }
            if letter != UInt8(ascii: "%") { clauses.append(letter) }
        }
        if clauses.count != elements.count {
            report(arguments[0].extent, "the pattern takes \(clauses.count) arguments, found \(elements.count)")
            return
        }
        for (letter, element) in zip(clauses, elements) {
            let type = inference.resolve(element.value.type, finally: true)
            if !Self.accepts(letter, type) {
                let clause = String(decoding: [UInt8(ascii: "%"), letter], as: UTF8.self)
                report(element.value.extent, "`\(clause)` does not take `\(type)`")
            }
        }
    }

    private static func accepts(_ clause: UInt8, _ type: CELType) -> Bool {
        switch (clause, type) {
        case (_, .dyn), (_, .error): true
        case (UInt8(ascii: "s"), .optional), (UInt8(ascii: "s"), .opaque), (UInt8(ascii: "s"), .money): false
        case (UInt8(ascii: "s"), _): true
        case (UInt8(ascii: "d"), .int), (UInt8(ascii: "d"), .uint), (UInt8(ascii: "d"), .double),
            (UInt8(ascii: "f"), .int), (UInt8(ascii: "f"), .uint), (UInt8(ascii: "f"), .double),
            (UInt8(ascii: "e"), .int), (UInt8(ascii: "e"), .uint), (UInt8(ascii: "e"), .double),
            (UInt8(ascii: "b"), .int), (UInt8(ascii: "b"), .uint), (UInt8(ascii: "b"), .bool),
            (UInt8(ascii: "o"), .int), (UInt8(ascii: "o"), .uint),
            (UInt8(ascii: "x"), .int), (UInt8(ascii: "x"), .uint), (UInt8(ascii: "x"), .string),
            (UInt8(ascii: "x"), .bytes),
            (UInt8(ascii: "X"), .int), (UInt8(ascii: "X"), .uint), (UInt8(ascii: "X"), .string),
            (UInt8(ascii: "X"), .bytes):
            true
        default: false
        }
    }
}
