package import AgentKit

extension ExpectedEntry {
    /// What of an entry is not as expected, a line each: `data/amount: expected 5, is 4`.
    package func differences(from actual: Event) -> [String] {
        var result: [String] = []
        note("type", type, actual.type, &result)
        if let rule { note("rule", rule, actual.rule, &result) }
        if let subject { note("subject", subject, actual.subject, &result) }
        if let because { note("because", because, actual.document.root["because"]?.string, &result) }
        guard let data else { return result }
        guard let expected = try? Document(adopting: data) else { return result + ["data: cannot be compared"] }
        compare(expected.root, actual.data, at: "data", &result)
        return result
    }

    private func note(_ what: String, _ expected: String, _ actual: String?, _ result: inout [String]) {
        guard actual.map({ $0.utf8.elementsEqual(expected.utf8) }) != true else { return }
        result.append("\(what): expected `\(expected)`, \(actual.map { "is `\($0)`" } ?? "is absent")")
    }

    private func compare(_ expected: View, _ actual: View, at place: String, _ result: inout [String]) {
        guard !expected.isSame(as: actual) else { return }
        switch (expected.kind, actual.kind) {
        case (.object, .object):
            for child in expected.children {
                let name = child.name ?? ""
                if let other = actual.member(name) {
                    compare(child, other, at: place + "/" + name, &result)
                } else {
                    result.append("\(place)/\(name): expected \(text(child)), is absent")
                }
            }
            guard !isPartial else { return }
            for child in actual.children where expected.member(child.name ?? "") == nil {
                result.append("\(place)/\(child.name ?? ""): is \(text(child)), expected to be absent")
            }
        case (.array, .array) where expected.count == actual.count:
            for (index, pair) in zip(expected.children, actual.children).enumerated() {
                compare(pair.0, pair.1, at: place + "/\(index)", &result)
            }
        default: result.append("\(place): expected \(text(expected)), is \(text(actual))")
        }
    }

    private func text(_ view: View) -> String {
        unsafe view.withCanonicalBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
