import Audit
import JSON
import TestSupport
import Testing

/// Whom an entry concerns: names that look like another, and places where a name can hide.
@Suite("The entries about somebody", .ownThreads)
struct AboutTests {
    private func concerns(_ about: String, _ entry: String) throws -> Bool {
        EntryFilter(about: about).matches(try Document.parse(Array(entry.utf8)).root)
    }

    @Test(
        "are those that have the name as a whole string of their data, however deep, as their subject or in an account",
        arguments: [
            #"{"data":{"userId":"U-ali"},"type":"t"}"#, #"{"data":{},"subject":"U-ali","type":"t"}"#,
            #"{"data":{"a":[1,[{"b":["x",{"c":"U-ali"}]}]]},"type":"t"}"#, #"{"data":"U-ali","type":"t"}"#,
            #"{"data":["U-ali"],"type":"t"}"#, #"{"data":{"account":"wallet/U-ali/PKR"},"type":"t"}"#,
            #"{"data":{"transfers":[{"creditAccount":"a/b/c"},{"debitAccount":"cash/U-ali"}]},"type":"t"}"#,
            #"{"data":{"userId":"U-\u0061li"},"type":"t"}"#,
        ])
    func found(_ entry: String) throws { #expect(try concerns("U-ali", entry)) }

    @Test(
        "are not those of a longer or shorter name, of one in another case or place, or that only mention it in a text",
        arguments: [
            #"{"data":{"userId":"U-ali2"},"subject":"U-alina","type":"t"}"#,
            #"{"data":{"userId":"XU-ali"},"type":"t"}"#,
            #"{"data":{"account":"wallet/U-ali2/PKR"},"type":"t"}"#, #"{"data":{"userId":"u-ali"},"type":"t"}"#,
            #"{"data":{"text":"U-ali complained"},"type":"t"}"#, #"{"data":{"userId":"U-ali "},"type":"t"}"#,
            #"{"data":{"U-ali":1},"type":"t"}"#, #"{"data":{"accounts":{"wallet/U-ali/PKR":5}},"type":"t"}"#,
            #"{"because":"U-ali","data":{},"source":"U-ali","type":"U-ali"}"#, #"{"data":{"n":7,"o":null},"type":"t"}"#,
            #"{"type":"t"}"#, #"{"data":{"userId":"U-al\u0456"},"type":"t"}"#,
        ])
    func others(_ entry: String) throws { #expect(try !concerns("U-ali", entry)) }

    @Test("in the known history are 24 of U-ali, in order, and none of a part of the name")
    func known() throws {
        let reader = try LedgerReader(logDirectory: ScratchLedger.known.folder.file("log"))
        func count(_ about: String) throws -> Int {
            var lines = EntryLines(reader, json: true)
            var found: [[UInt8]] = []
            try lines.print(from: 0, filter: EntryFilter(about: about)) { line in
                found.append(line)
                return true
            }
            return found.count
        }
        #expect(try count("U-ali") == 24)
        for part in ["U-al", "U-alii", "ali", "-ali", "U-ALI", "", "wallet/U-ali"] { #expect(try count(part) == 0) }
    }
}
