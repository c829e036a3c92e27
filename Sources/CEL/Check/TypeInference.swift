/// Unification of type variables by the assignability rules of cel-go.
struct TypeInference {
    private var bindings: [CELType?] = []

    mutating func fresh() -> CELType {
        bindings.append(nil)
        return .variable(bindings.count - 1)
    }

    /// Returns whether a value of `type` may stand where `target` is expected; binds variables on success.
    mutating func isAssignable(_ type: CELType, to target: CELType) -> Bool {
        let before = bindings
        if match(type, target) { return true }
        bindings = before
        return false
    }

    mutating func isAssignable(_ types: [CELType], to targets: [CELType]) -> Bool {
        guard types.count == targets.count else { return false }
        let before = bindings
        for (type, target) in zip(types, targets) where !match(type, target) {
            bindings = before
            return false
        }
        return true
    }

    private mutating func match(_ a: CELType, _ b: CELType) -> Bool {
        switch (a, b) {
        case (_, .variable(let index)):
            switch substitute(a, for: index) {
            case .valid: return true
            case .conflict: return false
            case .occurs: break
            }
            if case .variable(let other) = a { return substitute(b, for: other) == .valid }
            return false
        case (.variable(let index), _): return substitute(b, for: index) == .valid
        case (.dyn, _), (_, .dyn), (.error, _), (_, .error): return true
        case (.null, _): return Self.isNullable(b)
        case (_, .null): return Self.isNullable(a)
        case (.bool, .bool), (.int, .int), (.uint, .uint), (.double, .double), (.string, .string), (.bytes, .bytes),
            (.timestamp, .timestamp), (.duration, .duration), (.money, .money), (.type, .type):
            return true
        case (.list(let x), .list(let y)), (.optional(let x), .optional(let y)): return match(x, y)
        case (.map(let key, let value), .map(let key2, let value2)): return match(key, key2) && match(value, value2)
        case (.record(let x), .record(let y)): return x == y
        case (.record, .map(let key, let value)): return match(.string, key) && match(.dyn, value)
        case (.map(let key, let value), .record): return match(key, .string) && match(value, .dyn)
        case (.opaque(let x, let p), .opaque(let y, let q)):
            return x == y && p.count == q.count && zip(p, q).allSatisfy { match($0, $1) }
        default: return false
        }
    }

    private static func isNullable(_ type: CELType) -> Bool {
        switch type {
        case .null, .opaque, .optional, .timestamp, .duration, .record: true
        default: false
        }
    }

    private enum Substitution { case valid, conflict, occurs }

    private mutating func substitute(_ type: CELType, for variable: Int) -> Substitution {
        if case .variable(variable) = type { return .valid }
        if let bound = bindings[variable] {
            if type == bound { return .valid }
            guard match(type, bound) else { return .conflict }
            let general = Self.isLessSpecific(type, bound) ? type : bound
            if !occurs(variable, in: general) { bindings[variable] = general }
            return .valid
        }
        if occurs(variable, in: type) { return .occurs }
        bindings[variable] = type
        return .valid
    }

    private func occurs(_ variable: Int, in type: CELType) -> Bool {
        switch type {
        case .variable(let other):
            if other == variable { return true }
            return bindings[other].map { occurs(variable, in: $0) } ?? false
        case .list(let element), .optional(let element), .type(let element): return occurs(variable, in: element)
        case .map(let key, let value): return occurs(variable, in: key) || occurs(variable, in: value)
        case .opaque(_, let parameters): return parameters.contains { occurs(variable, in: $0) }
        default: return false
        }
    }

    private static func isLessSpecific(_ a: CELType, _ b: CELType) -> Bool {
        switch (a, b) {
        case (.dyn, _), (.error, _), (.variable, _): true
        case (_, .dyn), (_, .error), (_, .variable): false
        case (_, .null): true
        case (.list(let x), .list(let y)), (.optional(let x), .optional(let y)): isLessSpecific(x, y)
        case (.map(let k, let v), .map(let k2, let v2)): isLessSpecific(k, k2) && isLessSpecific(v, v2)
        case (.opaque(let x, let p), .opaque(let y, let q)):
            x == y && p.count == q.count && zip(p, q).allSatisfy { isLessSpecific($0, $1) }
        case (.type, .type): true
        default: a == b
        }
    }

    /// Joins the type of a list's elements so far with the type of the next.
    mutating func join(_ known: CELType?, _ next: CELType) -> CELType {
        guard let known else { return next }
        guard isAssignable(known, to: next) else { return .dyn }
        return Self.isLessSpecific(known, next) ? known : next
    }

    /// The type with known variables replaced; unknown ones stay, or become `dyn` if `finally` is set.
    func resolve(_ type: CELType, finally: Bool = false) -> CELType {
        switch type {
        case .variable(let index):
            if let bound = bindings[index] { return resolve(bound, finally: finally) }
            return finally ? .dyn : type
        case .list(let element): return .list(resolve(element, finally: finally))
        case .optional(let element): return .optional(resolve(element, finally: finally))
        case .type(let element): return .type(resolve(element, finally: finally))
        case .map(let key, let value):
            return .map(resolve(key, finally: finally), resolve(value, finally: finally))
        case .opaque(let name, let parameters):
            return .opaque(name, parameters.map { resolve($0, finally: finally) })
        default: return type
        }
    }

    /// A signature's types with its parameters replaced by fresh variables.
    mutating func instantiate(_ signature: Signature) -> (parameters: [CELType], result: CELType) {
        guard signature.isGeneric else { return (signature.parameters, signature.result) }
        var names: [String: CELType] = [:]
        return (
            signature.parameters.map { instantiate($0, &names) }, instantiate(signature.result, &names)
        )
    }

    private mutating func instantiate(_ type: CELType, _ names: inout [String: CELType]) -> CELType {
        switch type {
        case .parameter(let name):
            if let known = names[name] { return known }
            let new = fresh()
            names[name] = new
            return new
        case .list(let element): return .list(instantiate(element, &names))
        case .optional(let element): return .optional(instantiate(element, &names))
        case .type(let element): return .type(instantiate(element, &names))
        case .map(let key, let value): return .map(instantiate(key, &names), instantiate(value, &names))
        case .opaque(let name, let parameters): return .opaque(name, parameters.map { instantiate($0, &names) })
        default: return type
        }
    }
}

/// The types of one overload of a function.
struct Signature: Sendable {
    /// For a member function the first is the receiver.
    let parameters: [CELType]
    let result: CELType
    let isMember: Bool
    let isGeneric: Bool

    init(_ parameters: [CELType], _ result: CELType, isMember: Bool = false) {
        self.parameters = parameters
        self.result = result
        self.isMember = isMember
        isGeneric = Self.isGeneric(result) || parameters.contains(where: Self.isGeneric)
    }

    static func member(_ parameters: CELType..., to result: CELType) -> Signature {
        Signature(parameters, result, isMember: true)
    }

    static func global(_ parameters: CELType..., to result: CELType) -> Signature { Signature(parameters, result) }

    private static func isGeneric(_ type: CELType) -> Bool {
        switch type {
        case .parameter: true
        case .list(let element), .optional(let element), .type(let element): isGeneric(element)
        case .map(let key, let value): isGeneric(key) || isGeneric(value)
        case .opaque(_, let parameters): parameters.contains(where: isGeneric)
        default: false
        }
    }
}
