import JSON
import Testing

@Suite("What I-JSON refuses")
struct StrictnessTests {
    @Test("a duplicate name is refused with its place")
    func duplicateName() {
        let error = refused(#"{"data":{"a":1,"b":2,"a":3}}"#)
        #expect(error?.code == .duplicateName)
        #expect(error?.offset == 21)
        #expect(error?.pointer == "/data/a")
        #expect(error?.description == "byte 21, at `/data/a`: duplicate name `a`")
    }

    @Test(
        "a duplicate name is refused however it is spelled",
        arguments: [
            #"{"a":1,"\u0061":2}"#, #"{"\u0061":1,"a":2}"#, #"{"\n":1,"\u000a":2}"#, #"{"/":1,"\/":2}"#,
            #"{"\ud83d\ude00":1,"😀":2}"#, #"{"":1,"":2}"#, #"{"a~\/b":1,"a~/b":1}"#,
        ])
    func duplicateNameSpelledWithEscapes(_ text: String) {
        #expect(refused(text)?.code == .duplicateName)
    }

    @Test("a duplicate name is found among many")
    func duplicateNameAmongMany() {
        let members = (0..<5_000).map { #""name\#(($0 * 7_919) % 5_000)":\#($0)"# }
        #expect(refused("{" + members.joined(separator: ",") + "}") == nil)
        let error = refused("{" + members.joined(separator: ",") + #","name77":0}"#)
        #expect(error?.code == .duplicateName)
        #expect(error?.pointer == "/name77")
    }

    @Test("the same name in two objects is no duplicate")
    func sameNameInTwoObjects() throws {
        #expect(try canonical(#"{"a":{"a":[{"a":1},{"a":2}]}}"#) == #"{"a":{"a":[{"a":1},{"a":2}]}}"#)
    }

    @Test(
        "a lone surrogate is refused",
        arguments: [
            #""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\udc00\ud800""#, #""\ud800x""#, #""\ud800\n""#,
            #""\ud800\\udc00""#, #""\uD83D\u0041""#, #"{"\udfff":1}"#, #""\\\ud800""#, #""\ud83d\ude00\ude00""#,
        ])
    func loneSurrogate(_ text: String) {
        #expect(refused(text)?.code == .loneSurrogate)
    }

    @Test("surrogates in pairs and escaped backslashes are accepted")
    func pairedSurrogates() throws {
        #expect(try canonical(#""\ud83d\ude00 \\ud800 \uD83D\uDE00""#) == "\"😀 \\\\ud800 😀\"")
    }

    @Test("noncharacters are accepted, raw and escaped")
    func noncharacters() throws {
        #expect(
            try canonical("[\"\u{FFFE}\u{1FFFF}\",\"\\uffff\\ud83f\\udfff\"]")
                == "[\"\u{FFFE}\u{1FFFF}\",\"\u{FFFF}\u{1FFFF}\"]")
    }

    @Test(
        "an integral value outside ±(2^53 − 1) is refused however it is spelled",
        arguments: [
            "9007199254740992", "-9007199254740992", "9007199254740993", "9007199254740993.0", "1e17", "1E+17", "-1e17",
            "9007199254740992.0", "90071992547409920e-1", "18446744073709551615", "18446744073709551616", "1e300",
            "123456789012345678901234567890", "9007199254740991.9", "9.1e15",
        ])
    func integerRange(_ number: String) {
        let error = refused("[\(number)]")
        #expect(error?.code == .integerRange)
        #expect(error?.offset == 1)
        #expect(error?.pointer == "/0")
    }

    @Test(
        "integral values up to 2^53 − 1 are integers however they are spelled",
        arguments: [
            ("9007199254740991", 9_007_199_254_740_991), ("-9007199254740991", -9_007_199_254_740_991),
            ("9007199254740991.0", 9_007_199_254_740_991), ("1e15", 1_000_000_000_000_000), ("1.0", 1), ("1e3", 1_000),
            ("-0", 0), ("-0.0", 0), ("0e99999", 0), ("100e-2", 1), ("1e-999", 0), ("12.5e1", 125),
        ])
    func integersHoweverSpelled(_ number: String, _ value: Int64) throws {
        let document = try Document.parse(number)
        #expect(document.root.kind == .int)
        #expect(document.root.int == value)
        #expect(document.root.double == Double(value))
        #expect(try canonical(number) == "\(value)")
    }

    @Test(
        "a number that overflows a double is refused",
        arguments: [
            "1e309", "-1e309", "1e99999999999999999999", "123e4567", String(repeating: "9", count: 400),
        ])
    func numberRange(_ number: String) {
        #expect(refused(number)?.code == .numberRange)
    }

    @Test("64 levels of nesting are accepted, 65 refused")
    func depth() {
        func nested(_ levels: Int) -> String {
            String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        }
        #expect(refused(nested(64)) == nil)
        let error = refused(nested(65))
        #expect(error?.code == .depth)
        #expect(error?.offset == 64)
        #expect(error?.pointer == String(repeating: "/0", count: 64))
        let objects = String(repeating: #"{"a":"#, count: 65) + "1" + String(repeating: "}", count: 65)
        #expect(refused(objects)?.code == .depth)
        #expect(refused(objects)?.pointer == String(repeating: "/a", count: 64))
    }

    @Test("many more levels, open or closed, are refused without a crash")
    func depthBombs() {
        for text in ["[", "{\"a\":", "[{\"a\":"] {
            #expect(refused(String(repeating: text, count: 250_000))?.code == .depth)
        }
        let closed = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(refused(closed)?.code == .depth)
    }

    @Test(
        "invalid UTF-8 is refused with its place",
        arguments: [
            [0x80], [0xC0, 0xAF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80],
            [0xF8, 0x88, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xFF],
        ] as [[UInt8]])
    func invalidUTF8(_ bytes: [UInt8]) {
        let error = refused(Array(#"{"a":"x"#.utf8) + bytes + Array(#""}"#.utf8))
        #expect(error?.code == .invalidUTF8)
        #expect(error?.offset == 7)
        #expect(error?.pointer == "/a")
    }

    @Test("a byte order mark is refused")
    func byteOrderMark() {
        #expect(refused([0xEF, 0xBB, 0xBF] + Array("{}".utf8))?.description == "byte 0: byte order mark")
        #expect(refused([0xFF, 0xFE, 0x31, 0x00])?.code == .invalidUTF8)
    }

    @Test("input without a value is refused as empty", arguments: ["", " ", "\n\t\r "])
    func empty(_ text: String) {
        #expect(refused(text)?.code == .empty)
    }
}

@Suite("The place of a syntax error")
struct ErrorPlaceTests {
    @Test(
        "the offset is that of the first wrong byte, the pointer that of the value around it",
        arguments: [
            ("[1,2,]", 5, "/2"), ("[1 2]", 3, "/0"), ("{\"a\" 1}", 5, "/a"), ("{\"a\":1,}", 7, ""), ("{a:1}", 1, ""),
            ("[tru]", 4, "/0"), ("01", 1, ""), ("[-]", 2, "/0"), ("[1.]", 3, "/0"), ("[1e]", 3, "/0"),
            ("[1.5x]", 4, "/0"),
            ("{} {}", 3, ""), ("[\"a\nb\"]", 3, "/0"), ("[\"\\q\"]", 2, "/0"), ("[\"\\u12g4\"]", 2, "/0"),
            ("[\"abc", 5, "/0"),
            ("{\"a\":{\"b/c\":[0,1,{\"~\":nul}]}}", 25, "/a/b~1c/2/~0"), ("[", 1, "/0"), ("{\"a\":1", 6, "/a"),
            ("1,", 1, ""),
            ("[1}", 2, "/0"), ("{\"a\":[}", 6, "/a/0"), ("]", 0, ""), ("[\u{A0}1]", 1, "/0"), ("\"\\", 2, ""),
        ])
    func offsetAndPointer(_ text: String, _ offset: Int, _ pointer: String) {
        let error = refused(text)
        #expect(error?.code == .malformed)
        #expect(error?.offset == offset)
        #expect(error?.pointer == pointer, "\(text)")
    }

    @Test("the message says what stands there and what should")
    func message() {
        #expect(refused("[1 2]")?.description == "byte 3, at `/0`: `2` where `,` or `]` should be")
        #expect(refused("{")?.message == "the input ends before a name")
        #expect(refused("1e17")?.description == "byte 0: integer `1e17` outside ±2^53 − 1")
        #expect(refused("[\"\u{1}\"]")?.message == "control character 0x01 in a string")
    }

    @Test("input in a message is cut and cannot break the line")
    func quotedInput() {
        let name = String(repeating: "x", count: 200)
        let error = refused("{\"\(name)\":1,\"\(name)\":2}")
        #expect(error?.message == "duplicate name `\(name.prefix(64))…`")
        #expect(refused(#"{"a\nb":1,"a\nb":2}"#)?.message == "duplicate name `a\u{FFFD}b`")
    }
}

/// The error of a refusal; nil if nothing was refused.
func failure<T>(_ body: () throws(JSONError) -> T) -> JSONError? {
    do throws(JSONError) {
        _ = try body()
        return nil
    } catch {
        return error
    }
}

/// The error code of a refusal; nil if nothing was refused.
func refusal<T>(_ body: () throws(JSONError) -> T) -> JSONError.Code? { failure(body)?.code }

/// The error with which a text is refused; nil if it is not.
func refused(_ text: String) -> JSONError? { failure { () throws(JSONError) in try Document.parse(text) } }

/// The error with which bytes are refused; nil if they are not.
func refused(_ bytes: [UInt8]) -> JSONError? { failure { () throws(JSONError) in try Document.parse(bytes) } }

/// The canonical form of a text that must be accepted.
func canonical(_ text: String) throws -> String { String(decoding: try Document.parse(text).bytes, as: UTF8.self) }
