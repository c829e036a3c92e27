import Testing

/// What a JUnit file holds, counted by its tags.
struct JUnitCounts {
    /// The numbers of tests and failures that its head states.
    let declared: [Int]
    let cases: Int
    let failures: Int

    init(_ file: some Collection<UInt8>) throws {
        let text = String(decoding: file, as: UTF8.self)
        let head = try #require(text.firstMatch(of: /<testsuites tests="(\d+)" failures="(\d+)"/))
        declared = [Int(head.1) ?? -1, Int(head.2) ?? -1]
        cases = text.matches(of: /<testcase\b/).count
        failures = text.matches(of: /<failure/).count
    }
}
