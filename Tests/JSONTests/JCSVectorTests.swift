import Foundation
import JSON
import TestSupport
import Testing

@Suite("RFC 8785 test data")
struct JCSVectorTests {
    @Test("every input becomes its published output, but for the integers that I-JSON refuses")
    func inputsBecomeOutputs() throws {
        for path in Vectors.files(in: "jcs/input", suffix: ".json") {
            let name = String(path.split(separator: "/").last!)
            let input = try #require(Vectors.file("jcs/input/\(name)"))
            let output = try #require(Vectors.file("jcs/output/\(name)"))
            let hex = try #require(Vectors.file("jcs/outhex/\(name.dropLast(5)).txt"))
            let (written, refused) = try Self.written(input)
            #expect(written == output, "\(name)")
            let spelled = String(decoding: hex, as: UTF8.self).split(whereSeparator: \.isWhitespace)
            #expect(written == spelled.map { UInt8($0, radix: 16)! }, "\(name)")
            #expect(output.withUnsafeBytes { Document.isCanonical($0) } == refused.isEmpty, "\(name)")
        }
    }

    /// The canonical form of an input, and the integers beyond 2^53 − 1 in it: for each the parser is given a string
    /// instead, in whose place the number's spelling is put.
    private static func written(_ input: [UInt8]) throws -> (bytes: [UInt8], refused: [Double]) {
        var input = input
        var refused: [Double] = []
        while let error = failure({ () throws(JSONError) in try Document.parse(input) }), error.code == .integerRange {
            let lexeme = input[error.offset...].prefix { "+-.0123456789eE".utf8.contains($0) }
            let value = try #require(Double(String(decoding: lexeme, as: UTF8.self)))
            #expect(value.magnitude >= 0x1p53)
            input.replaceSubrange(lexeme.indices, with: "\"number \(refused.count)\"".utf8)
            refused.append(value)
        }
        var text = String(decoding: try Document.parse(input).bytes, as: UTF8.self)
        for (i, value) in refused.enumerated() {
            text = text.replacingOccurrences(of: "\"number \(i)\"", with: ECMAScriptNumber.text(value))
        }
        return (Array(text.utf8), refused)
    }

    @Test("every listed double is spelled as ECMAScript does")
    func doublesAreSpelledAsECMAScript() throws {
        for path in Vectors.files(in: "jcs", suffix: ".txt") {
            let name = String(path.split(separator: "/").last!)
            let lines = String(decoding: try #require(Vectors.file("jcs/\(name)")), as: UTF8.self).split(
                separator: "\n")
            var wrong: [Substring] = []
            for line in lines {
                let parts = line.split(separator: ",")
                let bits = try #require(UInt64(parts[0], radix: 16))
                let value = Double(bitPattern: bits)
                if ECMAScriptNumber.text(value) != parts[1] { wrong.append(line) }
            }
            #expect(!lines.isEmpty)
            #expect(wrong.isEmpty, "\(name): \(wrong.prefix(20))")
        }
    }

    @Test("the sample numbers are spelled as listed, and those that JSON has not are refused")
    func sampleNumbers() throws {
        guard let file = Vectors.file("jcs/number_samples.json") else { return }
        let samples = try #require(try Document.parse(file).root["samples"])
        #expect(samples.count > 0)
        for sample in samples.children {
            let hex = try #require(sample["ieee754_hex"]?.string)
            let bits = try #require(UInt64(hex, radix: 16))
            let value = Double(bitPattern: bits)
            if let spelling = sample["json"]?.string {
                #expect(ECMAScriptNumber.text(value) == spelling)
            } else {
                var writer = CanonicalWriter()
                #expect(refusal { () throws(JSONError) in try writer.double(value) } == .numberRange, "\(value)")
                #expect(writer.count == 0)
            }
        }
    }
}
