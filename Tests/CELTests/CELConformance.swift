import CEL
import Foundation
import TestSupport
import Testing

/// Runs whatever files of the public cel-spec suite stand below the vectors.
@Suite("CELConformance")
struct CELConformance {
    @Test("every case of the conformance suite passes")
    func cases() {
        let files =
            Vectors.files(in: "cel/cases", suffix: ".json") + Vectors.files(in: "cel/supplement", suffix: ".json")
        var passed = 0
        var total = 0
        for file in files {
            var good = 0
            let cases = ConformanceCase.read(file)
            for one in cases {
                if let failure = one.failure() {
                    print("FAIL \(one.id): `\(one.expression)` \(failure)")
                    Issue.record("\(one.id): `\(one.expression)` \(failure)")
                } else {
                    good += 1
                }
            }
            print("\((file as NSString).lastPathComponent): \(good)/\(cases.count)")
            passed += good
            total += cases.count
        }
        print("cel conformance: \(passed)/\(total)")
        #expect(total > 0 || files.isEmpty)
    }

    @Test("the checker gives the types that cel-go gives")
    func types() throws {
        guard let data = Vectors.file("cel/meta/cel-go_types_given.json"),
            let known = try JSONSerialization.jsonObject(with: Data(data)) as? [String: [String: Any]]
        else { return }
        let files = Vectors.files(in: "cel/cases", suffix: ".json")
        var compared = 0
        for file in files {
            for one in ConformanceCase.read(file) {
                guard let entry = known[one.id] else { continue }
                let (environment, _) = one.environment()
                let found = try? environment.check(one.expression)
                if let type = entry["type"] {
                    let wanted = WireType.read(type)
                    #expect(found == wanted, "\(one.id): `\(one.expression)`")
                    compared += 1
                } else if entry["check_error"] != nil, one.bindings.isEmpty {
                    #expect(found == nil, "\(one.id): `\(one.expression)`")
                    compared += 1
                }
            }
        }
        #expect(compared > 0 || files.isEmpty)
    }
}
