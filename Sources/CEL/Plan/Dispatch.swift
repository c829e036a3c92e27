/// Chooses among the overloads of a declared function by the types of the arguments.
enum Dispatch {
    static func body(_ function: Function) -> Builtin.Nary {
        let overloads = function.overloads.map { overload in
            let rivals = function.overloads.count { $0.parameters.count == overload.parameters.count }
            return (overload: overload, isOnlyOne: rivals == 1)
        }
        return { arguments in
            for (overload, isOnlyOne) in overloads where overload.parameters.count == arguments.count {
                if !isOnlyOne, !accepts(overload.parameters, arguments) { continue }
                guard arguments.charge(UInt64(overload.cost)) else { return .costPassed }
                return overload.body(arguments)
            }
            return .noOverload
        }
    }

    private static func accepts(_ parameters: [CELType], _ arguments: Arguments) -> Bool {
        for (index, parameter) in parameters.enumerated() where !accepts(parameter, arguments[index]) { return false }
        return true
    }

    private static func accepts(_ type: CELType, _ value: Value) -> Bool {
        switch type {
        case .dyn, .parameter, .variable, .opaque, .error: true
        case .record: value.isMap
        default: value.runtimeType.name == type.name
        }
    }
}
