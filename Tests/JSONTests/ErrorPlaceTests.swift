import JSON
import Testing

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
