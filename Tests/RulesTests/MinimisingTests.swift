import AgentKit
import JSON
import Rules
import TestSupport
import Testing

@Suite("Data minimisation")
struct MinimisingTests {
    @Test("keeps search terms in lower case, each once, the first eight of 2 to 32 letters")
    func terms() {
        #expect(Minimising.terms(["Blue", " SHOES ", "blue", "a", "", "مکان"]) == ["blue", "shoes", "مکان"])
        let long = String(repeating: "x", count: 32)
        #expect(Minimising.terms([long, long + "x"]) == [long])
        #expect(Minimising.terms((0..<12).map { "term\($0)" }) == (0..<8).map { "term\($0)" })
        #expect(Minimising.terms(["running shoes 42"]) == ["running shoes 42"])
    }

    @Test(
        "drops terms with an `@`, of any width, or five digits, of any script",
        arguments: [
            "ali@mail.example", "ali＠mail", "03001234567", "0300-12 3", "12345", "١٢٣٤٥", "4\u{200B}2101",
            "+92 300 1",
        ])
    func addresses(_ term: String) {
        #expect(Minimising.terms([term, "lamp"]) == ["lamp"])
        #expect(Minimising.words("parcel " + term + " lost") == "parcel lost")
    }

    @Test("keeps the words of a text that are terms, and says so where none is left")
    func words() {
        #expect(Minimising.words("changed_my_mind") == "changed_my_mind")
        #expect(Minimising.words("The  Parcel\nwas LOST") == "the parcel was lost")
        #expect(Minimising.words("call 0300 123 4567 or write ali @ mail.example today") == "call or write today")
        #expect(Minimising.words("flat 12 door 3") == "flat 12 door")
        #expect(Minimising.words("from ali @mail.example") == "from")
        #expect(Minimising.words("12 x 345 pieces") == "pieces")
        #expect(Minimising.terms(["@ali", "lamp"]) == ["lamp"])
        #expect(
            Minimising.words("one two three four five six seven eight nine")
                == "one two three four five six seven eight")
        for empty in ["", " ", "x", "ali@mail.example", "0300 1234567"] {
            #expect(Minimising.words(empty) == Minimising.withheld)
        }
    }

    @Test("rounds degrees to 0.01 and takes no number that is none")
    func degrees() {
        #expect(Minimising.degrees(31.520370) == 31.52)
        #expect(Minimising.degrees(-74.3587) == -74.36)
        #expect(Minimising.degrees(74) == 74)
        #expect(Minimising.degrees(923001234567) == 360)
        #expect(Minimising.degrees(-1e300) == -360)
    }

    @Test("leaves what it has reduced as it is")
    func again() {
        var random = SeededGenerator(seed: 41)
        let pieces: [Character] = Array("aB1 2@x9\t.Σİß\u{200B}５")
        for _ in 0..<5_000 {
            let text = String(
                (0..<Int.random(in: 0...40, using: &random)).map { _ in pieces.randomElement(using: &random)! })
            let words = Minimising.words(text)
            #expect(Minimising.words(words) == words, "seed 41: \(text.debugDescription)")
            let terms = Minimising.terms(text.split(separator: "x").map(String.init))
            #expect(Minimising.terms(terms) == terms, "seed 41: \(text.debugDescription)")
            let degrees = Minimising.degrees(Double.random(in: -400...400, using: &random))
            #expect(Minimising.degrees(degrees) == degrees)
        }
    }

    private func types(_ member: String, section: String = "facts") throws -> EventTypes {
        try EventTypes.declared(in: [
            RuleFile(
                name: "a.yaml",
                text: "agent: a\n\(section):\n  thing.said: {say: a thing, data: {userId: id, what: \(member)}}\n")
        ])
    }

    @Test("reduces the members that are declared so, and says which was the first")
    func data() throws {
        let type = try #require(try types(#""optional minimal [string]""#)["thing.said"])
        func minimised(_ text: String) throws -> (data: String, member: String)? {
            try type.minimised(Document.parse(text).root).map { found in
                (unsafe found.data.root.withCanonicalBytes { unsafe String(decoding: $0, as: UTF8.self) }, found.member)
            }
        }
        #expect(try minimised(#"{"userId":"U-1"}"#) == nil)
        #expect(try minimised(#"{"userId":"U-1","what":["lamp"]}"#) == nil)
        let found = try #require(try minimised(#"{"userId":"U-1","what":["LAMP","a@b"]}"#))
        #expect(found.member == "what")
        #expect(found.data == #"{"userId":"U-1","what":["lamp"]}"#)
        #expect(type.schema.text == "{userId: id, what: optional minimal [string]}")
    }

    @Test(
        "is refused where nothing would be reduced",
        arguments: [
            ("minimal int", "facts", "`minimal` is for `string`, `[string]` and records of `double`"),
            ("minimal id", "facts", "`minimal` is for"), ("minimal a|b", "facts", "`minimal` is for"),
            (#""minimal {a: string}""#, "facts", "`minimal` is for"),
            ("minimal minimal string", "facts", "`minimal` is for"),
            ("personal minimal string", "facts", "what is personal is kept whole"),
            (#""[minimal string]""#, "facts", "an element cannot be minimal"),
            (#""{a: minimal string}""#, "facts", "only a member of the data itself can be minimal"),
            ("{a: minimal string}", "facts", "only a member of the data itself can be minimal"),
            ("{string: minimal string}", "facts", "`minimal` stands before the type of a whole member"),
            ("minimal string", "decisions", "only what producers send is reduced"),
        ])
    func refused(_ type: String, _ section: String, _ message: String) {
        let error = #expect(throws: RuleSetError.self) { _ = try types(type, section: section) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test("is refused within a list in block form", arguments: ["minimal", "optional"])
    func refusedInBlock(_ word: String) {
        let text = """
            agent: a
            facts:
              thing.said:
                say: a thing
                data:
                  userId: id
                  what:
                    - \(word) string
            """
        let error = #expect(throws: RuleSetError.self) {
            _ = try EventTypes.declared(in: [RuleFile(name: "a.yaml", text: text)])
        }
        #expect(error?.description.contains("`\(word)` stands before the type of a whole member") == true)
    }
}
