import JSON
import Testing

@Test("a member is found by its name")
func memberIsFound() throws {
    let document = try Document.parse(#"{"b":1,"a":"x"}"#)
    #expect(document.root["b"]?.int == 1)
    #expect(document.root["a"]?.string == "x")
}
