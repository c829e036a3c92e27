import JSON
import Testing

@testable import Service

@Suite("small parts")
struct EntryFieldsTests {
    private func members(_ text: String) -> [String] {
        Array(text.utf8).withUnsafeBytes { bytes in
            var fields = EntryFields(bytes)
            var found: [String] = []
            while let member = fields.next() {
                found.append(
                    String(decoding: member.name, as: UTF8.self) + "=" + String(decoding: member.value, as: UTF8.self))
            }
            return found
        }
    }

    @Test("the members of an entry are found as they are written")
    func found() {
        #expect(members("{}") == [])
        #expect(members(#"{"a":1}"#) == ["a=1"])
        #expect(
            members(#"{"a":"x\"}","b":{"c":["}",{}],"d":"\\"},"e":-1.5,"f":[[],{}],"g":null}"#)
                == [#"a="x\"}""#, #"b={"c":["}",{}],"d":"\\"}"#, "e=-1.5", "f=[[],{}]", "g=null"])
    }

    @Test("bytes that are no object give an end, not a crash")
    func noObject() {
        for text in ["", "{", "[]", #"{"a"#, #"{"a""#, #"{"a":"#, #"{"a":"x"#, #"{"a":{"#, #"{"a":["]"}"#, "x"] {
            _ = members(text)
        }
        #expect(members(#"{"a":1,"b":["#) == ["a=1"])
    }

    @Test("percent-encoding is decoded once, and only where it is well-formed UTF-8")
    func percent() {
        #expect(PercentEncoding.decode("a%2Fb%25%E2%82%ac".utf8) == "a/b%€")
        for text in ["%", "%2", "%zz", "%ff", "%c3"] { #expect(PercentEncoding.decode(text.utf8) == nil) }
    }

    @Test("strings are escaped as JSON, numbers written in full")
    func sink() throws {
        var sink = ByteSink(capacity: 1)
        sink.raw("[")
        sink.string("a\"b\\c\n\u{1}é")
        for number: UInt64 in [0, 9, 10, 1234567890, .max] {
            sink.raw(",")
            sink.number(number)
        }
        sink.raw("]")
        #expect(
            String(decoding: sink.bytes, as: UTF8.self)
                == #"["a\"b\\c\n\u0001é",0,9,10,1234567890,18446744073709551615]"#)
    }
}
