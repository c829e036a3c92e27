import Rules

extension RuleTestReport {
    /// The report in the XML that build servers read (`testsuites`, `testsuite`, `testcase`, `failure`).
    package var junit: [UInt8] {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites tests=\"\(results.count + unreadable.count)\" failures=\"\(failed + unreadable.count)\">\n"
        var files: [String] = []
        for result in results where files.last != result.file { files.append(result.file) }
        for file in files { text += suite(results.filter { $0.file == file }) }
        if !unreadable.isEmpty {
            text += "  <testsuite name=\"unreadable\" tests=\"\(unreadable.count)\" failures=\"\(unreadable.count)\">\n"
            for diagnostic in unreadable {
                text += "    <testcase name=\"\(Self.escaped(diagnostic.file))\" classname=\"unreadable\">"
                text += "<failure>\(Self.escaped(diagnostic.description))</failure></testcase>\n"
            }
            text += "  </testsuite>\n"
        }
        return Array((text + "</testsuites>\n").utf8)
    }

    private func suite(_ results: [RuleTestResult]) -> String {
        let name = Self.escaped(results[0].suite)
        var text = "  <testsuite name=\"\(name)\" tests=\"\(results.count)\""
        text += " failures=\"\(results.count { !$0.isPassed })\">\n"
        for result in results {
            text += "    <testcase name=\"\(Self.escaped(result.name))\" classname=\"\(Self.escaped(result.file))\""
            text += " time=\"\(result.seconds)\""
            if result.isPassed {
                text += "/>\n"
            } else {
                text += "><failure>\(Self.escaped(result.text))</failure></testcase>\n"
            }
        }
        return text + "  </testsuite>\n"
    }

    /// Text as XML 1.0 may hold it; what it may not hold at all becomes a question mark.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            case "\u{20}"..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
                result.unicodeScalars.append(scalar)
            default: result += "?"
            }
        }
        return result
    }
}
