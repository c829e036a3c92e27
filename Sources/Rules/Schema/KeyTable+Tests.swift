/// The keys of a file of rule tests.
extension KeyTable {
    static let testFile = KeyTable(
        "tests", "a test file",
        [
            Key("suite", .text, isRequired: true, "What the tests of the file are about."),
            Key("background", .list(.step), "Steps before every test."),
            Key("tests", .list(.test), isRequired: true, "The tests."),
        ])

    static let test = KeyTable(
        "test", "a test",
        [
            Key("name", .text, isRequired: true, "What the test shows, a sentence."),
            Key("given", .list(.step), "What happened before."),
            Key("when", .oneOrMore(.step), isRequired: true, "What happens."),
            Key(
                "expect", .either(.list(.expected), .table(.included)), isRequired: true,
                "Every entry that follows, in order, and nothing else; or `includes` with some of them."),
        ])

    static let included = KeyTable(
        "included", "entries among those that follow",
        [Key("includes", .list(.expected), isRequired: true, "Entries that follow, in order, among others.")])

    static let step = KeyTable(
        "step", "a step",
        [
            Key("type", .text, "The event's type."),
            Key("time", .text, "The event's time, RFC 3339."),
            Key("subject", .text, "The event's subject."),
            Key("as", .text, "The principal who sends it."),
            Key("data", .any, "The event's data."),
            Key("at", .text, "Instead of an event: the clock moves to this time and what is due fires."),
        ], oneOf: ["type", "at"])

    static let expected = KeyTable(
        "expected", "an expected entry",
        [
            Key("type", .text, isRequired: true, "The entry's type."),
            Key("rule", .text, "The rule that decided it, `agent/id`."),
            Key("subject", .text, "The entry's subject."),
            Key("because", .text, "The reason it gives."),
            Key("data", .any, "The whole data; or `includes` with those members that are compared."),
        ])
}
