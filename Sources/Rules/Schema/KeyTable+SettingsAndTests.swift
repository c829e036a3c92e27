/// The keys of the files of settings.
extension KeyTable {
    /// Days in the order in which a calendar counts them.
    static let days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]

    private static let offset = KeyContent.matching(#"^[+-][0-9]{2}:[0-9]{2}(:[0-9]{2})?$"#)

    static let calendar = KeyTable(
        "calendar", "the calendar",
        [
            Key("zone", .text, isRequired: true, "The zone's name, for people."),
            Key("weekStart", .oneOf(days), "The day on which weeks begin."),
            Key("before", offset, isRequired: true, "The offset from UTC before the first transition."),
            Key("transitions", .list(.transition), "Every change of the offset, in the order of time."),
        ])

    static let transition = KeyTable(
        "transition", "a transition",
        [
            Key("from", .text, isRequired: true, "The moment of the change, RFC 3339."),
            Key("offset", offset, isRequired: true, "The offset from UTC from then on."),
        ])

    static let policy = KeyTable(
        "policy", "the policy",
        [
            Key("roles", .map(.table(.role)), isRequired: true, "What each role may do."),
            Key("principals", .map(.texts), "The roles of principals that the ledger does not register."),
            Key("forbid", .list(.prohibition), "What is refused to roles whatever else they have."),
            Key("signed", .texts, "Event types that a producer must sign."),
            Key("public", .texts, "Calls that need no principal."),
            Key(
                "fourEyes", .map(.integer(0...9_007_199_254_740_991)),
                "What one administrator's corrections may move, in minor units by currency, before a second one has to approve."
            ),
            Key("fourEyesHours", .integer(1...1_000_000_000), "The hours within which the second one approves."),
            Key(
                "fourEyesDays", .integer(1...1_000_000_000), "The days over which what one administrator moved adds up."
            ),
            Key("activation", .table(.activation), "What an activation of a rule set must bring with it."),
            Key("limits", .table(.limits), "How much one principal may ask for."),
        ])

    static let activation = KeyTable(
        "activation", "what an activation needs",
        [
            Key(
                "simulation", .oneOf(["required"]), isRequired: true,
                "The signed report of `docket simulate` on the rule set, which did not fail its condition."),
            Key("days", .integer(1...1_000_000_000), "The days for which a report holds. (default: 7)"),
            Key(
                "entries", .integer(1...1_000_000_000),
                "The newest entries that it must have derived at least, or all. (default: any)"),
        ])

    static let role = KeyTable(
        "role", "a role",
        [
            Key("events", .texts, "Event types it may send, `order.*` or `*`."),
            Key("projections", .texts, "Projections it may read."),
            Key("calls", .texts, "Calls it may make."),
            Key("clock", .flag, "Whether its events move the clock of a ledger on the events' clock."),
            Key("unlimited", .flag, "Whether the limits do not hold for it."),
        ])

    static let prohibition = KeyTable(
        "prohibition", "a prohibition",
        [
            Key("id", .text, isRequired: true, "The name that a refusal gives."),
            Key("roles", .texts, "The roles it binds; all where it is absent."),
            Key("events", .texts, "Event types they may not send."),
            Key("projections", .texts, "Projections they may not read."),
            Key("calls", .texts, "Calls they may not make."),
        ])

    static let limits = KeyTable(
        "limits", "the limits",
        [
            Key("operationsPerMinute", .integer(1...1_000_000_000), "Operations a minute."),
            Key("burst", .integer(1...1_000_000_000), "Operations at once."),
            Key("backoffSecondsMax", .integer(1...1_000_000_000), "The longest wait that a refusal asks for."),
        ])
}

/// The keys of a file of rule tests.
extension KeyTable {
    /// The whole file.
    package static let testFile = KeyTable(
        "tests", "a test file",
        [
            Key("suite", .text, isRequired: true, "What the tests of the file are about."),
            Key("background", .list(.step), "Steps before every test."),
            Key("tests", .list(.test), isRequired: true, "The tests."),
        ])

    /// One test of the file.
    package static let test = KeyTable(
        "test", "a test",
        [
            Key("name", .text, isRequired: true, "What the test shows, a sentence."),
            Key("given", .list(.step), "What happened before."),
            Key("when", .oneOrMore(.step), isRequired: true, "What happens."),
            Key(
                "expect", .either(.list(.expected), .table(.included)), isRequired: true,
                "Every entry that follows, in order, and nothing else; or `includes` with some of them."),
        ])

    /// Some of the entries that follow.
    package static let included = KeyTable(
        "included", "entries among those that follow",
        [Key("includes", .list(.expected), isRequired: true, "Entries that follow, in order, among others.")])

    /// An event, or a movement of the clock.
    package static let step = KeyTable(
        "step", "a step",
        [
            Key("type", .text, "The event's type."),
            Key("time", .text, "The event's time, RFC 3339."),
            Key("subject", .text, "The event's subject."),
            Key("as", .text, "The principal who sends it."),
            Key("data", .any, "The event's data."),
            Key("at", .text, "Instead of an event: the clock moves to this time and what is due fires."),
        ], oneOf: ["type", "at"])

    /// An entry that must follow.
    package static let expected = KeyTable(
        "expected", "an expected entry",
        [
            Key("type", .text, isRequired: true, "The entry's type."),
            Key("rule", .text, "The rule that decided it, `agent/id`."),
            Key("subject", .text, "The entry's subject."),
            Key("because", .text, "The reason it gives."),
            Key("data", .any, "The whole data; or `includes` with those members that are compared."),
        ])
}
