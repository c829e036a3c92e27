import CEL
import TestSupport
import Testing

@Suite("The CEL library")
struct LibraryTests {
    private func evaluate(_ source: String) throws -> Value {
        try CELEnvironment().compileUnchecked(source).evaluate(Activation(slots: 0))
    }

    @Test(
        "an expression holds",
        arguments: [
            "timestamp('2026-07-01T00:00:00Z').getHours('Asia/Karachi') == 5",
            "timestamp('2010-12-10T16:54:03Z').getHours('Antarctica/Macquarie') == 3",
            "timestamp('2030-07-01T12:00:00Z').getHours('America/New_York') == 8",
            "timestamp('2030-12-01T12:00:00Z').getHours('America/New_York') == 7",
            "timestamp('2050-01-15T12:00:00Z').getHours('Australia/Sydney') == 23",
            "timestamp('2026-01-01T00:00:00Z').getMinutes('Asia/Kathmandu') == 45",
            "timestamp('1969-12-31T23:59:59.5Z') + duration('500ms') == timestamp(0)",
            "string(timestamp('2000-02-29T12:00:00.120Z')) == '2000-02-29T12:00:00.12Z'",
            "string(duration('-1h30m0.5s')) == '-5400.5s'", "duration('1.5us') == duration('1500ns')",
            "string(1e6) == '1e+06'", "string(123456.75) == '123456.75'", "string(1e-5) == '1e-05'",
            "string(0.1 + 0.2) == '0.30000000000000004'",
            "'%s %d'.format([1e6, 1e21]) == '1000000 1000000000000000000000'",
            "'%.2e %x %X %o %b'.format([12345.678, -255, b'\\xff', 8, -5]) == '1.23e+04 -ff FF 10 -101'",
            "'abc'.replace('', '-') == '-a-b-c-'", "'abc'.replace('', '-', 2) == '-a-bc'",
            "'aéb'.split('') == ['a', 'é', 'b']", "'a,b,c'.split(',', 2) == ['a', 'b,c']", "'a,b'.split(',', 0) == []",
            "''.split(',') == ['']", "'abc'.lastIndexOf('') == 3", "'e\\u0301x'.startsWith('e')",
            "'\\r\\n'.size() == 2", "'e\\u0301' != '\\u00e9'", "base64.decode('aGk') == b'hi'",
            "math.bitShiftRight(-1, 63) == 1", "math.round(2.5) == 3.0 && math.round(-2.5) == -3.0",
            "math.sqrt(16) == 4.0",
            "{1: 'a'}[1.0] == 'a' && {1u: 'a'}[1] == 'a'", "[1, 2, 3].first().value() + [1, 2, 3].last().value() == 4",
            "optional.of(1).orValue(1 / 0) == 1", "optional.unwrap([optional.of(1), optional.none()]) == [1]",
            "{'b': 1, 'a': 2}.map(k, k) == ['a', 'b']", "['b', 'a'].sortBy(x, x) == ['a', 'b']",
            "[1, 2].transformMapEntry(i, v, {string(v): i}) == {'1': 0, '2': 1}",
            "cel.block([1, cel.index(0) + 1, [cel.index(1)].map(cel.iterVar(0, 0), cel.iterVar(0, 0) * 2)], cel.index(2)[0] == 4)",
        ])
    func holds(_ source: String) throws {
        let value = try evaluate(source)
        #expect(value == .bool(true), "\(source): \(value.jsonDescription)")
    }

    @Test(
        "an expression fails",
        arguments: [
            "timestamp('2026-02-30T00:00:00Z')", "timestamp('2026-01-01t00:00:00Z')",
            "timestamp('2026-01-01T00:00:60Z')",
            "timestamp(0).getHours('Asia/Karatschi')", "duration('')", "duration('1d')", "duration('-320000000000s')",
            "int(' 5')", "int('0x10')", "uint('+1')", "double('1e400')", "int(-9223372036854775808.0)",
            "-9223372036854775808 / -1", "-9223372036854775808 % -1", "0u - 1u", "{0: 1, 0u: 2}", "{1.0: 1}",
            "[1, 2][0.5]", "'abc'.charAt(4)", "'abc'.substring(2, 1)", "[3, 'a'].sort()", "'%d'.format(['a'])",
            "'%s'.format([])",
            "base64.decode('a')", "math.bitShiftLeft(1, -1)", "math.greatest([])",
            "[1, 1].transformMapEntry(i, v, {v: i})",
            "optional.none().value()", "f(1)", "string(b'\\xff')", "dyn([1]) < dyn([2])", "'a'.matches('(' + '')",
        ])
    func fails(_ source: String) throws {
        let value = try evaluate(source)
        #expect(value.errorValue != nil, "\(source): \(value.jsonDescription)")
    }

    @Test("values are written as JSON")
    func json() throws {
        let source =
            #"{"b": [1, 2u, 1.5, 1e21, 3.0, double('NaN')], "a": "q\"\u0001é", 7: b'hi', true: null, "t": timestamp(0), "d": duration('90s'), "o": optional.of(1), "y": type(1)}"#
        #expect(
            try evaluate(source).jsonDescription
                == #"{"7":"aGk=","a":"q\"\u0001é","b":[1,2,1.5,1e+21,3,"NaN"],"d":"90s","o":1,"t":"1970-01-01T00:00:00Z","true":null,"y":"int"}"#
        )
    }

    @Test(
        "what JSON lacks is a string, wherever it stands",
        arguments: [
            ("9007199254740991", "9007199254740991"), ("9007199254740991 + 1", #""9007199254740992""#),
            ("-9007199254740992", #""-9007199254740992""#), ("9223372036854775807", #""9223372036854775807""#),
            ("18446744073709551615u", #""18446744073709551615""#), ("9007199254740991u", "9007199254740991"),
            ("1.0 / 0.0", #""Infinity""#), ("-1.0 / 0.0", #""-Infinity""#), ("0.0 / 0.0", #""NaN""#),
            ("1e300", "1e+300"), ("9007199254740992.0", "9007199254740992"), (#"b'\xff\x00'"#, #""/wA=""#),
            ("duration('-1.5s')", #""-1.5s""#), ("[type(type(1))]", #"["type"]"#), ("optional.of([null])", "[null]"),
            ("[9007199254740992, {'a': [b'hi', 1.0 / 0.0]}]", #"["9007199254740992",{"a":["aGk=","Infinity"]}]"#),
            (
                "{9007199254740993: 1, -1: 2, true: 3, 'é': 4, '': 5}",
                #"{"":5,"-1":2,"9007199254740993":1,"true":3,"é":4}"#
            ),
            (#"{'\U0001F600': 1, '\uE000': 2}"#, "{\"\u{1F600}\":1,\"\u{E000}\":2}"),
            ("{?'a': optional.none()}", "{}"),
        ])
    func jsonOfWhatJSONLacks(source: String, expected: String) throws {
        #expect(String(decoding: try evaluate(source).json(), as: UTF8.self) == expected)
    }

    @Test(
        "what cannot be JSON at all is refused",
        arguments: [
            "optional.none()", "[optional.none()]", "{'a': [optional.none()]}", "{1: 'a', '1': 'b'}",
            "{true: 1, 'true': 2}",
        ])
    func noJSON(source: String) throws {
        #expect(throws: JSONMappingError.self) { try evaluate(source).json() }
    }
}

@Suite("Random CEL")
struct RandomTests {
    private static let pieces = [
        "1", "0", "-", "9223372036854775807", "1u", "1.5", "1e308", "'a'", "'é'", "b'x'", "true", "null", "x", "(", ")",
        "[",
        "]", "{", "}", ":", ",", ".", "?", "&&", "||", "!", "==", "<", "in", "+", "-", "*", "/", "%", "size", "map(",
        "all(",
        "y, ", "has(", "optional.of(", "timestamp(", "'%s'", ".format(", "\\", "'", "`", "// c\n", "@", "\u{0}",
        "cel.bind(",
    ]

    @Test("every text comes to a value or an error, twice the same", arguments: [1, 2, 3, 4])
    func soup(_ seed: UInt64) {
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        var environment = CELEnvironment()
        environment.declare(variable: "x", .dyn)
        let activation = Activation(slots: 1)
        activation[0] = .list([.int(1), .double(.nan), .string("z"), .none])
        func outcome(_ program: Program) -> String {
            activation.costLimit = 10_000
            return program.evaluate(activation).jsonDescription
        }
        var evaluated = 0
        for _ in 0..<3000 {
            let source = (0..<generator.int(in: 1...14)).map { _ in generator.pick(Self.pieces) }
                .joined(separator: " ")
            do throws(CompileError) {
                let program = try environment.compileUnchecked(source)
                #expect(outcome(program) == outcome(program), "\(source)")
                evaluated += 1
                // What is found well typed is the same program.
                if let checked = try? environment.compile(source) {
                    #expect(outcome(checked) == outcome(program), "\(source)")
                }
            } catch {
                let again = #expect(throws: CompileError.self) { try environment.compileUnchecked(source) }
                #expect("\(error)" == again.map { "\($0)" }, "\(source)")
            }
        }
        #expect(evaluated > 0)
    }
}
