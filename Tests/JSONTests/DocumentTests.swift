import JSON
import Testing

@Suite("A document")
struct DocumentTests {
    private static let text = #"""
        {"type": "order.placed", "amount": 125000, "rate": 1.50, "tags": ["a", "b\n", {}], "ok": true, "no": false,
         "nil": null, "user": {"id": "U-ali", "näme": "Ali \"A\""}, "": 0, "ta\u0067": -7}
        """#

    @Test("a member is found by its name, and a missing one is nil")
    func members() throws {
        let root = try Document.parse(Self.text).root
        #expect(root.kind == .object)
        #expect(root.count == 10)
        #expect(root["type"]?.string == "order.placed")
        #expect(root["amount"]?.int == 125_000)
        #expect(root["rate"]?.double == 1.5)
        #expect(root["ok"]?.bool == true)
        #expect(root["no"]?.bool == false)
        #expect(root["nil"]?.isNull == true)
        #expect(root["user"]?["id"]?.string == "U-ali")
        #expect(root["tag"]?.int == -7)
        #expect(root.member("")?.int == 0)
        #expect(root["user"]?.member("n\u{E4}me")?.string == "Ali \"A\"")
        for missing in ["types", "typ", "zz", "a", "amounu", "näme"] { #expect(root.member(missing) == nil) }
        #expect(root["type"]?["id"] == nil)
        #expect(root["tags"]?["0"] == nil)
    }

    @Test("a value read as another type is nil")
    func otherTypes() throws {
        let root = try Document.parse(Self.text).root
        #expect(root["type"]?.int == nil)
        #expect(root["rate"]?.int == nil)
        #expect(root["amount"]?.string == nil)
        #expect(root["nil"]?.bool == nil)
        #expect(root["ok"]?.double == nil)
        #expect(root["ok"]?.count == 0)
    }

    @Test("elements and members come in document order")
    func iteration() throws {
        let root = try Document.parse(Self.text).root
        let tags = try #require(root["tags"])
        #expect(tags.children.map(\.kind) == [.string, .string, .object])
        #expect(tags.element(1).string == "b\n")
        var kinds: [Kind] = []
        tags.forEachElement { kinds.append($0.kind) }
        #expect(kinds == [.string, .string, .object])
        var names: [String] = []
        root.forEachMember { name, value in
            names.append(name)
            #expect(value.name == name)
        }
        #expect(names == ["", "amount", "nil", "no", "ok", "rate", "ta\u{67}", "tags", "type", "user"])
    }

    @Test("a name with escapes is found unescaped")
    func escapedNames() throws {
        let root = try Document.parse(#"{"a\"b":1,"c\\":2,"\u0001":3,"\n\n":4,"z":5}"#).root
        #expect(root.member("a\"b")?.int == 1)
        #expect(root.member("c\\")?.int == 2)
        #expect(root.member("\u{1}")?.int == 3)
        #expect(root.member("\n\n")?.int == 4)
        #expect(root["z"]?.int == 5)
        #expect(root.member("a\\\"b") == nil)
    }

    @Test("a string is compared by its bytes")
    func stringComparison() throws {
        let root = try Document.parse(#"["e\u0301","a\nb","plain"]"#).root
        #expect(root.element(0).equals("e\u{301}"))
        #expect(!root.element(0).equals("\u{E9}"))
        #expect(root.element(1).isString("a\nb"))
        #expect(!root.element(1).isPlainString)
        #expect(root.element(2).isPlainString)
        #expect(root.element(2).isString("plain"))
        #expect(!root.element(2).isString("plai"))
        #expect(root.element(2).hasPrefix("plai") && root.element(2).hasPrefix("") && root.element(1).hasPrefix("a\n"))
        #expect(!root.element(2).hasPrefix("plainer") && !root.element(2).hasPrefix("P") && !root.hasPrefix(""))
        #expect(root.element(1).withText { $0.elementsEqual("a\nb".utf8) })
    }

    @Test("ranges and lent bytes are the value's canonical form")
    func ranges() throws {
        let document = try Document.parse(#"{ "b" : [ 1.0 , "x" ] , "a" : 2 }"#)
        let list = try #require(document.root["b"])
        #expect(document.bytes == Array(#"{"a":2,"b":[1,"x"]}"#.utf8))
        #expect(Array(document.bytes[list.canonicalRange]) == Array(#"[1,"x"]"#.utf8))
        #expect(Array(document.bytes[list.element(1).textRange]) == Array("x".utf8))
        #expect(list.withCanonicalBytes { $0.elementsEqual(#"[1,"x"]"#.utf8) })
    }

    @Test("a pointer names the way from the root")
    func pointers() throws {
        let root = try Document.parse(#"{"a/b":[0,{"~":[[],{"":1}]}],"z":1}"#).root
        let inner = try #require(root["a/b"]?.element(1)["~"]?.element(1).member(""))
        #expect(inner.pointer == "/a~1b/1/~0/1/")
        #expect(root.pointer == "")
        #expect(root["z"]?.pointer == "/z")
    }

    @Test("values are the same where their canonical form is")
    func sameness() throws {
        let a = try Document.parse(#"{"x":{"b":1.0,"a":"é"}}"#).root
        let b = try Document.parse(#"[{"a":"\u00e9","b":1e0}]"#).root
        #expect(try #require(a["x"]).isSame(as: b.element(0)))
        #expect(!a.isSame(as: b))
    }

    @Test("a dense document is indexed alike by the parser and by the canonical scan")
    func denseDocument() throws {
        let list = "[" + Array(repeating: "1", count: 10_000).joined(separator: ",") + "]"
        let document = try Document.parse(#"{"list":\#(list),"map":{"a":\#(list)}}"#)
        #expect(document.nodeCount == 20_004)
        let indexed = try Document(adopting: document.bytes)
        #expect(sameNodes(indexed, document))
        #expect(indexed.root["map"]?["a"]?.element(9_999).pointer == "/map/a/9999")
    }

    @Test("members stand in the order of UTF-16 code units")
    func memberOrder() throws {
        #expect(
            try canonical("{\"\u{FF00}\":1,\"😀\":2,\"\u{E000}\":3,\"z\":4,\"\u{D7FF}\":5}")
                == "{\"z\":4,\"\u{D7FF}\":5,\"😀\":2,\"\u{E000}\":3,\"\u{FF00}\":1}")
        #expect(JCS.precedes("😀", "\u{FF00}"))
        #expect(!JCS.precedes("\u{FF00}", "😀"))
        #expect(JCS.precedes("a", "aa"))
        #expect(JCS.compareKeys("a", "a") == 0)
    }
}
