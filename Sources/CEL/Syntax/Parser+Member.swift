/// Selections, calls and indexes, and the primary expressions they start from.
extension Parser {
    mutating func member(signAt sign: Int? = nil) -> Expression {
        let start = sign ?? token.start
        var operand = sign.map { number(signAt: $0) } ?? primary()
        while true {
            switch token.kind {
            case .dot:
                advance()
                operand = selection(operand, from: start)
            case .openBracket:
                let range = token.start..<token.end
                advance()
                let isOptional = take(.question)
                let index = expression()
                expect(.closeBracket, "]")
                operand = node(
                    .index(operand, index, isOptional: isOptional), range, from: start,
                    over: max(operand.height, index.height))
            default: return operand
            }
        }
    }

    private mutating func selection(_ operand: Expression, from start: Int) -> Expression {
        let isOptional = take(.question)
        let range = token.start..<token.end
        guard let name = fieldName() else {
            unexpected(wanted: "a name")
            return make(.invalid, range, from: start, height: 1)
        }
        let isQuoted = token.kind == .quotedIdentifier
        advance()
        if token.kind == .openParen, !isOptional, !isQuoted {
            advance()
            let arguments = self.arguments(until: .closeParen, ")")
            return call(name, range, target: operand, arguments, from: start)
        }
        return node(
            .select(operand, field: name, mode: isOptional ? .optional : .plain), range, from: start,
            over: operand.height)
    }

    private func fieldName() -> String? {
        switch token.kind {
        case .identifier, .reserved: source.text(token.start..<token.end)
        case .quotedIdentifier: source.text((token.start + 1)..<(token.end - 1))
        default: nil
        }
    }

    mutating func arguments(until close: Token.Kind, _ name: String) -> [Expression] {
        var result: [Expression] = []
        while token.kind != close, token.kind != .end {
            result.append(expression())
            guard take(.comma) else { break }
            if token.kind == close { unexpected(wanted: "an expression") }
        }
        expect(close, name)
        return result
    }

    private mutating func call(
        _ name: String, _ range: Range<Int>, target: Expression?, _ arguments: [Expression], from start: Int
    ) -> Expression {
        if let expanded = macro(name, range, target: target, arguments, from: start) { return expanded }
        var height = target?.height ?? 0
        for argument in arguments { height = max(height, argument.height) }
        return node(.call(name, target: target, arguments), range, from: start, over: height)
    }

    private mutating func primary() -> Expression {
        let start = token.start
        let range = token.start..<token.end
        switch token.kind {
        case .identifier: return name(prefix: "", range, from: start)
        case .dot:
            advance()
            let range = token.start..<token.end
            guard token.kind == .identifier else {
                unexpected(wanted: "a name")
                return make(.invalid, range, from: start, height: 1)
            }
            return name(prefix: ".", range, from: start)
        case .openParen:
            advance()
            let inner = expression()
            expect(.closeParen, ")")
            return Expression(inner.kind, inner.range, extent: start..<previousTokenEnd, height: inner.height)
        case .openBracket: return list(from: start)
        case .openBrace: return map(from: start)
        case .int, .uint, .double: return number(signAt: nil)
        case .minus: return negativeNumber(from: start)
        case .string, .bytes: return text(range)
        case .true, .false, .null:
            let value: Value = token.kind == .null ? .null : .bool(token.kind == .true)
            advance()
            return make(.literal(value), range, from: start, height: 1)
        case .reserved:
            fail(range, "`\(source.text(range))` is a reserved word")
            advance()
            return make(.invalid, range, from: start, height: 1)
        default:
            unexpected(wanted: "an expression")
            switch token.kind {
            case .comma, .closeParen, .closeBracket, .closeBrace, .end, .colon: break
            default: advance()
            }
            return make(.invalid, range, from: start, height: 1)
        }
    }

    private mutating func negativeNumber(from start: Int) -> Expression {
        let range = token.start..<token.end
        advance()
        if token.kind == .int || token.kind == .double { return number(signAt: start) }
        fail(range, "unexpected `-`, expected an expression")
        return make(.invalid, range, from: start, height: 1)
    }

    private mutating func name(prefix: String, _ range: Range<Int>, from start: Int) -> Expression {
        let name = source.text(range)
        advance()
        if take(.openParen) {
            let arguments = self.arguments(until: .closeParen, ")")
            return call(prefix + name, range, target: nil, arguments, from: start)
        }
        return make(.identifier(prefix + name), range, from: start, height: 1)
    }

    private mutating func number(signAt sign: Int?) -> Expression {
        let start = sign ?? token.start
        let range = start..<token.end
        let digits = source.utf8[token.start..<token.end]
        let kind = token.kind
        advance()
        var value: Value?
        switch kind {
        case .double:
            if let magnitude = NumberText.double(String(decoding: digits, as: UTF8.self)), magnitude.isFinite {
                value = .double(sign == nil ? magnitude : -magnitude)
            }
        case .uint: value = LiteralText.magnitude(digits).map(Value.uint)
        default:
            if let magnitude = LiteralText.magnitude(digits) {
                if sign != nil, magnitude == 1 << 63 {
                    value = .int(.min)
                } else if magnitude <= UInt64(Int64.max) {
                    value = .int(sign == nil ? Int64(magnitude) : -Int64(magnitude))
                }
            }
        }
        guard let value else {
            fail(range, "the number `\(source.text(range))` is out of range")
            return make(.invalid, range, from: start, height: 1)
        }
        return make(.literal(value), range, from: start, height: 1)
    }

    private mutating func text(_ range: Range<Int>) -> Expression {
        let outcome = LiteralText.string(source.utf8[range])
        advance()
        switch outcome {
        case .value(let value): return make(.literal(value), range, from: range.lowerBound, height: 1)
        case .problem(let message, let offset):
            fail(offset..<min(offset + 2, range.upperBound), message)
            return make(.invalid, range, from: range.lowerBound, height: 1)
        }
    }

    private mutating func list(from start: Int) -> Expression {
        advance()
        var elements: [Expression.Element] = []
        var height = 0
        while token.kind != .closeBracket, token.kind != .end {
            let isOptional = take(.question)
            let value = expression()
            height = max(height, value.height)
            elements.append(Expression.Element(value: value, isOptional: isOptional))
            guard take(.comma) else { break }
        }
        expect(.closeBracket, "]")
        return node(.list(elements), start..<(start + 1), from: start, over: height)
    }

    private mutating func map(from start: Int) -> Expression {
        advance()
        var entries: [Expression.Entry] = []
        var height = 0
        while token.kind != .closeBrace, token.kind != .end {
            let isOptional = take(.question)
            let key = expression()
            guard take(.colon) else {
                unexpected(wanted: "`:`")
                break
            }
            let value = expression()
            height = max(height, key.height, value.height)
            entries.append(Expression.Entry(key: key, value: value, isOptional: isOptional))
            guard take(.comma) else { break }
        }
        expect(.closeBrace, "}")
        return node(.map(entries), start..<(start + 1), from: start, over: height)
    }
}
