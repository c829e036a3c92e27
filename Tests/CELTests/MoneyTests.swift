import CEL
import Testing

/// Amounts with their currency in expressions.
@Suite struct MoneyTests {
    private static func amount(_ minorUnits: Int64, _ currency: String) -> Value {
        .money(Money(minorUnits, CurrencyCode(currency)!))
    }

    private static let pkr = amount(500, "PKR")
    private static let more = amount(800, "PKR")
    private static let usd = amount(500, "USD")

    /// `a` is PKR 5, `b` PKR 8, `c` USD 5, `zero` PKR 0, `nothing` of no currency; `bill` a host's record with amounts.
    private var environment: CELEnvironment {
        var environment = CELEnvironment()
        environment.convertsDeclaredScalars = true
        for name in ["a", "b", "c", "zero", "nothing"] { environment.declare(variable: name, .money) }
        environment.declare(
            record: RecordType(
                "bill",
                [
                    RecordType.Field("price", .money), RecordType.Field("fee", .money, isOptional: true),
                    RecordType.Field("parts", .list(.money)), RecordType.Field("currency", .string),
                ]))
        environment.declare(variable: "bill", .record("bill"))
        environment.declare(variable: "x", .dyn)
        environment.declare(variable: "n", .int)
        return environment
    }

    private func evaluate(_ source: String) throws -> Value {
        let activation = Activation(slots: environment.variables.count)
        let bill = SampleHost(
            .map([
                ("price", .value(.int(500))), ("currency", .text("PKR")),
                ("parts", .list([.value(.int(200)), .value(.int(300))])),
            ]))
        let values = [
            Self.pkr, Self.more, Self.usd, Self.amount(0, "PKR"), .money(.nothing), bill.root, Self.pkr, .int(3),
        ]
        for (slot, value) in values.enumerated() { activation[slot] = value }
        return try environment.compile(source).evaluate(activation)
    }

    private func problem(_ source: String) -> String {
        do throws(CompileError) {
            _ = try environment.compile(source)
            return ""
        } catch {
            return error.diagnostics.map(\.message).joined(separator: "\n")
        }
    }

    @Test("a value is no larger for it")
    func size() {
        #expect(MemoryLayout<Value>.stride == 24 && MemoryLayout<Money>.size == 16)
    }

    @Test(
        "amounts of one currency are added, compared, multiplied and divided",
        arguments: [
            ("a + b == b + a && (a + b).minorUnits == 1300", .bool(true)), ("b - a", amount(300, "PKR")),
            ("-a", amount(-500, "PKR")), ("a * 3", amount(1500, "PKR")), ("n * a", amount(1500, "PKR")),
            ("b / n", amount(266, "PKR")), ("b % n", amount(2, "PKR")), ("b / a", .int(1)),
            ("a < b && a <= b && b > a && b >= a && a != b", .bool(true)),
            ("[b, a].sort() == [a, b] && [b, a].sortBy(m, m)[0] == a", .bool(true)),
            ("a in [b, a] && !(c in [b, a])", .bool(true)),
            ("a.minorUnits + n", .int(503)), ("a.currency + '/' + c.currency", .string("PKR/USD")),
        ] as [(String, Value)])
    func oneCurrency(source: String, expected: Value) throws {
        #expect(try evaluate(source) == expected)
    }

    @Test(
        "sums and order across currencies fail with their own code",
        arguments: ["a + c", "a - c", "a < c", "a <= c", "a > c", "a >= c", "a / c", "[a, c].sort()"])
    func currencies(source: String) throws {
        #expect(try evaluate(source).errorValue?.ruleCode == "currency")
    }

    @Test("equality across currencies never fails")
    func equality() throws {
        #expect(try evaluate("a == c || !(a != c) || zero == c * 0") == .bool(false))
        #expect(try evaluate("x == 'PKR' || x == 500") == .bool(false))
    }

    @Test("an error of currencies is absorbed like any other where something else decides")
    func absorbed() throws {
        #expect(try evaluate("a < c || a < b") == .bool(true))
    }

    @Test("money is compared with a literal 0 and with no other number")
    func literals() throws {
        #expect(try evaluate("a > 0 && 0 < a && zero == 0 && !(zero != 0) && -a <= 0 && x >= 0") == .bool(true))
        #expect(problem("a > 5") == "`>` does not take `money` and `int`: money is compared with money or a literal 0")
        #expect(
            problem("n == a") == "`==` does not take `int` and `money`: money is compared with money or a literal 0")
        #expect(problem("a + 5") == "`+` does not take `money` and `int`: a number is no money without its currency")
        #expect(try evaluate("x > 5").errorValue?.ruleCode == "no_such_overload")
    }

    @Test("what money does not have is an error when it is compiled")
    func members() {
        #expect(problem("a.minorUnit") == "money has no `minorUnit`, did you mean `minorUnits`?")
        #expect(problem("a * b").contains("`*` does not take `money` and `money`"))
        #expect(problem("true ? a : 0").contains("the branches have types `money` and `int`"))
        #expect(problem("string(a)") != "" && problem("'%s'.format([a])") != "")
    }

    @Test("sums that pass 64 bits and divisions by zero fail as they do for ints")
    func overflow() throws {
        #expect(try evaluate("a * 9223372036854775807").errorValue?.ruleCode == "overflow")
        #expect(try evaluate("a / (n - 3)").errorValue?.ruleCode == "divide_by_zero")
        #expect(try evaluate("a % (n - 3)").errorValue?.ruleCode == "divide_by_zero")
        #expect(try evaluate("a / zero").errorValue?.ruleCode == "divide_by_zero")
    }

    @Test("nothing of no currency takes the currency of what it meets")
    func nothing() throws {
        #expect(try evaluate("nothing + a") == Self.pkr)
        #expect(try evaluate("c - nothing") == Self.usd)
        #expect(try evaluate("nothing < a && nothing == zero && nothing < c && nothing == 0") == .bool(true))
        #expect(try evaluate("(nothing + nothing).currency") == .string(""))
    }

    @Test("a host's amounts have the currency beside them")
    func host() throws {
        #expect(try evaluate("bill.price") == Self.pkr)
        #expect(try evaluate("bill.?price.orValue(c) == a && !has(bill.fee)") == .bool(true))
        #expect(try evaluate("bill.price.minorUnits") == .int(500))
        #expect(try evaluate("bill.parts[0] + bill.parts[1]") == Self.pkr)
        #expect(try evaluate("bill.parts.map(p, p * 2).filter(p, p > a)") == .list([Self.amount(600, "PKR")]))
    }

    @Test("as JSON it says both parts")
    func json() throws {
        #expect(try evaluate("[a]").jsonDescription == #"[{"currency":"PKR","minorUnits":500}]"#)
    }

    @Test("a code is up to 8 letters and digits", arguments: ["PKR", "EHBGC", "ABCDEFGH", "x1", ""])
    func codes(text: String) {
        #expect(CurrencyCode(text)?.text == text)
        #expect(CurrencyCode("ABCDEFGHI") == nil && CurrencyCode("P-R") == nil && CurrencyCode(.int(1)) == nil)
    }
}
