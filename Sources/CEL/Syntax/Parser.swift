/// Recursive-descent parser with precedence climbing; continues after an error, so that one run finds several.
struct Parser {
    /// The greatest nesting depth of an expression.
    static let heightMax = 250
    private static let diagnosticsMax = 20

    let source: SourceText
    private var lexer: Lexer
    private(set) var token: Token
    private(set) var previousTokenEnd = 0
    private var depth = 0
    private(set) var diagnostics: [Diagnostic] = []
    private var lastProblem = -1
    /// Set once the expression is nested too deeply to continue.
    private var isStopped = false
    private(set) var expandsMacros = true

    init(_ source: SourceText) {
        self.source = source
        lexer = Lexer(source)
        token = Token(kind: .end, start: 0, end: 0)
        token = nextToken()
    }

    static func parse(_ source: SourceText, expandsMacros: Bool = true) throws(CompileError) -> Expression {
        if source.isTooLong {
            throw CompileError([
                source.diagnostic(0..<0, "the expression is longer than \(SourceText.codePointsMax) code points")
            ])
        }
        var parser = Parser(source)
        parser.expandsMacros = expandsMacros
        let tree = parser.expression()
        if parser.token.kind != .end { parser.unexpected(wanted: "the end") }
        if !parser.diagnostics.isEmpty { throw CompileError(parser.diagnostics) }
        return tree
    }

    private mutating func nextToken() -> Token {
        let next = lexer.next()
        if next.kind == .invalid { fail(next.start..<next.end, lexer.problem) }
        return next
    }

    mutating func advance() {
        previousTokenEnd = token.end
        token = nextToken()
    }

    mutating func take(_ kind: Token.Kind) -> Bool {
        guard token.kind == kind else { return false }
        advance()
        return true
    }

    mutating func fail(_ range: Range<Int>, _ message: String) {
        guard !isStopped, range.lowerBound != lastProblem, diagnostics.count < Self.diagnosticsMax else { return }
        lastProblem = range.lowerBound
        diagnostics.append(source.diagnostic(range, message))
    }

    private mutating func stop(_ range: Range<Int>) {
        if diagnostics.isEmpty { fail(range, "the expression is nested deeper than \(Self.heightMax)") }
        isStopped = true
    }

    mutating func unexpected(wanted: String) {
        let found = token.kind == .end ? "end" : "`\(source.text(token.start..<token.end))`"
        fail(token.start..<token.end, "unexpected \(found), expected \(wanted)")
    }

    /// Consumes `kind`; reports any other token and skips past the matching one.
    mutating func expect(_ kind: Token.Kind, _ name: String) {
        if take(kind) { return }
        unexpected(wanted: "`\(name)`")
        var open = 0
        while token.kind != .end {
            switch token.kind {
            case .openParen, .openBracket, .openBrace: open += 1
            case .closeParen, .closeBracket, .closeBrace:
                if open == 0 {
                    if token.kind == kind { advance() }
                    return
                }
                open -= 1
            default: break
            }
            advance()
        }
    }

    func make(_ kind: Expression.Kind, _ range: Range<Int>, from start: Int, height: Int) -> Expression {
        Expression(kind, range, extent: start..<max(previousTokenEnd, start), height: height)
    }

    /// A node over children; an `invalid` one if it would be nested too deeply.
    mutating func node(
        _ kind: Expression.Kind, _ range: Range<Int>, from start: Int, over children: Int
    ) -> Expression {
        guard children < Self.heightMax else {
            stop(range)
            return make(.invalid, range, from: start, height: 1)
        }
        return make(kind, range, from: start, height: children + 1)
    }

    mutating func expression() -> Expression {
        depth += 1
        defer { depth -= 1 }
        let start = token.start
        guard depth <= Self.heightMax else {
            stop(token.start..<token.end)
            while token.kind != .end { advance() }
            return make(.invalid, start..<start, from: start, height: 1)
        }
        let condition = binary(0)
        guard token.kind == .question else { return condition }
        let mark = token.start..<token.end
        advance()
        let first = binary(0)
        if !take(.colon) {
            unexpected(wanted: "`:`")
            return make(.invalid, mark, from: start, height: 1)
        }
        let second = expression()
        return node(
            .conditional(condition, first, second), mark, from: start,
            over: max(condition.height, first.height, second.height))
    }

    private static func precedence(_ kind: Token.Kind) -> (level: Int, name: String)? {
        switch kind {
        case .or: (0, "||")
        case .and: (1, "&&")
        case .equal: (2, "_==_")
        case .notEqual: (2, "_!=_")
        case .less: (2, "_<_")
        case .lessOrEqual: (2, "_<=_")
        case .greater: (2, "_>_")
        case .greaterOrEqual: (2, "_>=_")
        case .in: (2, "@in")
        case .plus: (3, "_+_")
        case .minus: (3, "_-_")
        case .star: (4, "_*_")
        case .slash: (4, "_/_")
        case .percent: (4, "_%_")
        default: nil
        }
    }

    private mutating func binary(_ minimum: Int) -> Expression {
        let start = token.start
        var left = unary()
        while let operation = Self.precedence(token.kind), operation.level >= minimum {
            if operation.level < 2 {
                left = chain(left, token.kind, operation.level, from: start)
                continue
            }
            let range = token.start..<token.end
            advance()
            let right = binary(operation.level + 1)
            left = node(
                .call(operation.name, target: nil, [left, right]), range, from: start,
                over: max(left.height, right.height))
        }
        return left
    }

    /// `a && b && c` as one node.
    private mutating func chain(
        _ first: Expression, _ kind: Token.Kind, _ level: Int, from start: Int
    ) -> Expression {
        let range = token.start..<token.end
        var parts = [first]
        var height = first.height
        while take(kind) {
            let part = binary(level + 1)
            parts.append(part)
            height = max(height, part.height)
        }
        return node(kind == .and ? .and(parts) : .or(parts), range, from: start, over: height)
    }

    private mutating func unary() -> Expression {
        guard token.kind == .not || token.kind == .minus else { return member() }
        let kind = token.kind
        var marks: [Range<Int>] = []
        while token.kind == kind {
            marks.append(token.start..<token.end)
            advance()
        }
        var operand: Expression
        if kind == .minus, token.kind == .int || token.kind == .double {
            operand = member(signAt: marks.removeLast().lowerBound)
        } else {
            operand = member()
        }
        for mark in marks.reversed() {
            operand = node(
                .call(kind == .not ? "!_" : "-_", target: nil, [operand]), mark, from: mark.lowerBound,
                over: operand.height)
        }
        return operand
    }
}
