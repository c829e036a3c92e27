import JSON
import Testing

@Suite("Text for people")
struct VisibleTextTests {
    /// All escaped characters with their escapes.
    private static let escapes: [(Unicode.Scalar, String)] = {
        let codes = Array(UInt32(0)...0x1F) + Array(0x7F...0x9F) + [0x61C, 0x200E, 0x200F] + Array(0x2028...0x202E)
        let short: [UInt32: String] = [0x9: #"\t"#, 0xA: #"\n"#, 0xD: #"\r"#]
        return (codes + Array(0x2066...0x2069)).compactMap { code in
            let digits = String(code, radix: 16)
            return Unicode.Scalar(code).map {
                ($0, short[code] ?? #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits)
            }
        }
    }()

    @Test("every control is an escape, alone and between other text")
    func controls() {
        for (scalar, escape) in Self.escapes {
            #expect(VisibleText.line(String(scalar)) == escape)
            #expect(VisibleText.line("é\(String(scalar))e\u{301} €") == "é\(escape)e\u{301} €")
        }
        #expect(VisibleText.line("a\r\nb") == #"a\r\nb"#)
    }

    @Test(
        "all other text stays as it is, byte for byte",
        arguments: [
            "", "plain", #"a \u001b \n "quoted""#,
            "é ö ø ق ؛ ؝ 中 😀 – … € “” ‖ \u{A0}\u{200B}\u{200D}\u{2027}\u{202F}\u{2065}\u{206A}",
        ])
    func others(text: String) {
        #expect(Array(VisibleText.line(text).utf8) == Array(text.utf8))
        #expect(Array(VisibleText.page(text).utf8) == Array(text.utf8))
    }

    @Test("a page keeps its lines, and lines put together keep to theirs")
    func pages() {
        #expect(VisibleText.page("a\tb\n\u{1B}c\n") == "a\\tb\n\\u001bc\n")
        #expect(VisibleText.page(["a\nb", "", "\u{2028}"]) == "a\\nb\n\n\\u2028")
    }
}
