import JSON
import Testing

@Suite("The canonical writer")
struct CanonicalWriterTests {
    private func written(_ body: (inout CanonicalWriter) throws -> Void) rethrows -> String {
        var writer = CanonicalWriter(capacity: 1)
        try body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("members and elements are separated")
    func separation() throws {
        let text = try written { writer in
            writer.beginObject()
            writer.key("a")
            writer.beginArray()
            writer.int(1)
            try writer.double(2.5)
            writer.bool(true)
            writer.null()
            writer.beginArray()
            writer.endArray()
            writer.endArray()
            writer.key("b")
            writer.beginObject()
            writer.endObject()
            writer.key(String("c"))
            writer.raw("[1]")
            writer.endObject()
        }
        #expect(text == #"{"a":[1,2.5,true,null,[]],"b":{},"c":[1]}"#)
    }

    @Test("every ASCII character is escaped as RFC 8785 says, at any place in a string")
    func escapes() throws {
        for code in UInt8(0)..<128 {
            let character = Character(Unicode.Scalar(code))
            let expected: String
            switch code {
            case 0x08: expected = "\\b"
            case 0x09: expected = "\\t"
            case 0x0A: expected = "\\n"
            case 0x0C: expected = "\\f"
            case 0x0D: expected = "\\r"
            case 0x22: expected = "\\\""
            case 0x5C: expected = "\\\\"
            case ..<0x20: expected = "\\u00" + (code < 16 ? "0" : "") + String(code, radix: 16)
            default: expected = String(character)
            }
            for before in 0..<20 {
                let head = String(repeating: "x", count: before)
                let tail = String(repeating: "y", count: (before * 7) % 11)
                let text = head + String(character) + tail
                let spelling = "\"" + head + expected + tail + "\""
                #expect(written { $0.string(text) } == spelling)
                #expect(try canonical(spelling) == spelling)
                #expect(
                    try Document(adopting: Array(spelling.utf8)).root.string.map { Array($0.utf8) } == Array(text.utf8))
            }
        }
    }

    @Test("an integer or a double that I-JSON has not is refused")
    func numberRange() {
        var writer = CanonicalWriter()
        #expect(refusal { () throws(JSONError) in try writer.integer(9_007_199_254_740_992) } == .integerRange)
        #expect(refusal { () throws(JSONError) in try writer.integer(.min) } == .integerRange)
        #expect(refusal { () throws(JSONError) in try writer.double(1e16) } == .integerRange)
        #expect(refusal { () throws(JSONError) in try writer.double(.nan) } == .numberRange)
        #expect(refusal { () throws(JSONError) in try writer.double(-.infinity) } == .numberRange)
        #expect(writer.count == 0)
    }

    @Test("integers of every length are written")
    func integers() {
        for value in [0, 7, -7, 10, 99, 100, 999, 1_000, 9_999, 10_000, 99_999, 123_456_789, 9_007_199_254_740_991]
            as [Int64]
        {
            #expect(written { $0.int(value) } == "\(value)")
            #expect(written { $0.int(-value) } == "\(-value)")
        }
    }

    @Test("values at the top level follow each other, and can be taken back")
    func topLevel() {
        var writer = CanonicalWriter()
        writer.int(1)
        let mark = writer.count
        writer.beginObject()
        writer.endObject()
        writer.truncate(to: mark)
        writer.string("x")
        #expect(writer.bytes == Array(#"1"x""#.utf8))
        writer.removeAll()
        #expect(writer.bytes.isEmpty)
        writer.null()
        #expect(writer.bytes == Array("null".utf8))
    }

    @Test("a parsed value is written in canonical form")
    func parsedValue() throws {
        let document = try Document.parse(#"{"b": [1.0, {"d": 1, "c": 2}], "a": "\u0041"}"#)
        let text = written { writer in
            writer.beginArray()
            writer.int(0)
            writer.value(document.root)
            writer.endArray()
        }
        #expect(text == #"[0,{"a":"A","b":[1,{"c":2,"d":1}]}]"#)
    }

    @Test("members in any order are sorted")
    func sortedMembers() throws {
        let text = try written { writer in
            writer.beginArray()
            try writer.object(sorting: { writer throws(JSONError) in
                writer.key("b")
                writer.int(1)
                writer.key(String("\u{FF00}"))
                writer.null()
                writer.key(String("😀"))
                try writer.object(sorting: { writer throws(JSONError) in
                    writer.key("z")
                    writer.string("{,}")
                    writer.key("y")
                    writer.beginArray()
                    writer.endArray()
                })
                writer.key(String("a\n"))
                writer.bool(false)
            })
            writer.int(2)
            writer.endArray()
        }
        #expect(text == "[{\"a\\n\":false,\"b\":1,\"😀\":{\"y\":[],\"z\":\"{,}\"},\"\u{FF00}\":null},2]")
        #expect(try canonical(text) == text)
    }

    @Test("a name given twice is refused and leaves nothing behind")
    func duplicateMember() {
        var writer = CanonicalWriter()
        writer.beginArray()
        writer.int(1)
        let code = refusal { () throws(JSONError) in
            try writer.object(sorting: { writer throws(JSONError) in
                for _ in 0..<2 {
                    writer.key("a")
                    writer.int(1)
                }
            })
        }
        #expect(code == .duplicateName)
        writer.int(2)
        writer.endArray()
        #expect(writer.bytes == Array("[1,2]".utf8))
    }

    @Test("an object without members is sorted too")
    func emptySortedObject() throws {
        #expect(try written { try $0.object(sorting: { _ throws(JSONError) in }) } == "{}")
    }
}
