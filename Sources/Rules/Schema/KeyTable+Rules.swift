/// The keys of an agent's rule file.
extension KeyTable {
    static let ruleFile = KeyTable(
        "ruleFile", "a rule file",
        [
            Key("agent", .text, isRequired: true, "The agent whose rules these are."),
            Key("version", .text, isRequired: true, "The version that decisions name."),
            Key(
                "class", .oneOf(RuleStarter.classes),
                "The priority of an agent that is no part of the program, and the sign that it is none."),
            Key("parameters", .map(.any), "Named values that rules read as `params`; texts are CEL of constants."),
            Key("facts", .eventTypes, "Event types that producers send and that are folded as they are."),
            Key("triggers", .eventTypes, "Event types that producers send and that only rules act on."),
            Key("decisions", .eventTypes, "Event types that only this agent's rules emit."),
            Key("refused", .text, "The decision by which lines of `refuse` refuse."),
            Key(
                "subject", .expression,
                "The member of a decision's data that it is about, or CEL; rules may say another."),
            Key("onError", .list(.emit), "Decisions where a rule fails; rules may say others, or `[]` for none."),
            Key("correctable", .texts, "Decisions that an administrator's override may emit."),
            Key(
                "tables", .map(.table(.declaredTable)),
                "What the agent remembers, by the names under which rules and clients read it."),
            Key(
                "fold", .map(.oneOrMore(.fold)),
                "What facts and decisions change in the tables, by the event's type."),
            Key("rules", .list(.rule), "The rules, in the order in which they are asked."),
        ],
        other: Other(pattern: "^_", content: .members, about: "A record that types name as `*name`."))

    static let eventType = KeyTable(
        "eventType", "an event type",
        [
            Key("say", .text, "The sentence for people, with CEL of its members in braces."),
            Key("outcome", .oneOf(["refused"]), "That the decision refuses what was asked for; of decisions alone."),
            Key(
                "once", .either(.texts, .table(.once)),
                "The members that make it one fact, in whatever envelope it comes; of triggers alone."),
            Key("data", .members, isRequired: true, "The members of its data."),
        ])

    static let once = KeyTable(
        "once", "`once`",
        [
            Key("key", .texts, isRequired: true, "The members that make it one fact."),
            Key("changes", .texts, "Members that a later event of the same fact may change."),
            Key("ignores", .texts, "Members that are never compared: a later event says nothing by them."),
            Key("unless", .oneOf(["refused"]), "That an event whose own rules refuse it does not take the key."),
        ])

    static let declaredTable = KeyTable(
        "declaredTable", "a table of an agent",
        [
            Key("key", .text, isRequired: true, "The member of an event's data that names the row."),
            Key("row", .members, isRequired: true, "The members of a row with their types."),
            Key(
                "index", .texts, "Members by which rows are looked up: `toUserId` of `gifts` by `giftsByToUserId(id)`."),
        ])

    static let fold = KeyTable(
        "fold", "a fold",
        [
            Key("put", .text, "The table in which the whole row is set, one that is there already too."),
            Key("change", .text, "The table in which members of a row are set, where there is one."),
            Key("remove", .text, "The table from which the row is taken."),
            Key("key", .expression, "The row's key, where it is not the event's member that the table names."),
            Key("if", .expression, "Whether it happens."),
            Key(
                "row", .emission,
                "The members that are set: CEL of `event`, `data` and `row` as it was; in a list a name alone is the event's."
            ),
        ], oneOf: FoldPlan.Action.allCases.map(\.rawValue))

    static let rule = KeyTable(
        "rule", "a rule",
        [
            Key(
                "id", .matching("^[A-Za-z0-9_-]{1,64}$"), isRequired: true,
                "The rule's name in its file: letters, digits, `-` and `_`."),
            Key("on", .texts, isRequired: true, "The event type, or types, the rule is asked about."),
            Key("over", .text, "A projection: on a schedule, the rule runs once for each of its rows."),
            Key("let", .map(.expression), "Names for CEL expressions, each computed when first used, at most once."),
            Key("table", .table(.decisionTable), "A decision table, read as `table.<output>`."),
            Key("when", .expression, "Whether the rule decides; always where it is absent."),
            Key("refuse", .list(.refusal), "Lines of which the first that holds refuses, instead of all else."),
            Key("refused", .text, "The decision by which lines of `refuse` refuse; the file's where it is absent."),
            Key("subject", .expression, "The member of a decision's data that it is about, or CEL; else the file's."),
            Key("because", .text, "The reason that people read: a text with CEL in braces."),
            Key("claim", .expressions, "What the rule decides about, so that two that differ on it conflict."),
            Key("quorum", .table(.quorum), "The vote on which the emits wait."),
            Key("emit", .list(.emit), "Decisions, in this order."),
            Key("timers", .list(.timer), "Timers to schedule."),
            Key("cancel", .list(.cancel), "Timers to take back."),
            Key("otherwise", .list(.emit), "Decisions instead of all those where `when` does not hold."),
            Key("onError", .list(.emit), "Decisions where the rule fails, instead of the file's; `[]` for none."),
        ], oneOf: ["emit", "timers", "cancel", "otherwise", "refuse"])

    static let refusal = KeyTable(
        "refusal", "a line of `refuse`",
        [
            Key("when", .expression, isRequired: true, "What the line refuses."),
            Key("reason", .text, "The code of the refusal, or one CEL expression in braces."),
            Key("because", .text, "The reason that people read: a text with CEL in braces."),
            Key("as", .text, "The decision by which it refuses, where it is not the rule's."),
            Key("with", .map(.emission), "Members of the refusal that the trigger does not give."),
            Key("also", .list(.emit), "Decisions beside the refusal."),
        ])

    static let emit = KeyTable(
        "emit", "an item of `emit`",
        [
            Key("if", .expression, "Whether there is a decision at all; with `each` it is asked for each element."),
            Key("each", .expression, "A list: one decision for each element, which is `item`."),
            Key("subject", .expression, "The member of the data that the decision is about, or CEL; else the rule's."),
            Key("transfer", .table(.transfer), "A `transfer.requested`."),
        ],
        other: Other(
            pattern: #"^[a-z0-9_]+(\.[a-z0-9_]+)+$"#, content: .emission,
            about: "A decision with its data: CEL by member; in a list a name alone is the trigger's member."))

    static let transfer = KeyTable(
        "transfer", "a transfer",
        [
            Key("purpose", .text, isRequired: true, "What the money moves for: a text with CEL in braces."),
            Key("reference", .expression, isRequired: true, "What it is about."),
            Key("from", .text, "The account that pays, without its currency: `wallet/{data.userId}`."),
            Key("to", .text, "The account that is paid, without its currency."),
            Key("amount", .expression, "What moves; both accounts are in its currency."),
            Key("flags", .texts, "Flags of the transfer: `pending`, `balancingDebit` ..."),
            Key("pendingId", .expression, "The transfer that is posted or voided."),
            Key("timeoutSeconds", .expression, "After which a pending transfer ends."),
            Key("code", .expression, "A number of the author's choosing."),
            Key("transfers", .expression, "Instead of `from` and what follows: a list of transfers in CEL."),
        ])

    static let timer = KeyTable(
        "timer", "a timer",
        [
            Key("name", .text, isRequired: true, "The timer's name, the same for all its keys."),
            Key(
                "key", .expression, isRequired: true, "What the timer is for; it replaces one of the same name and key."
            ),
            Key("at", .expression, isRequired: true, "When it fires, a timestamp."),
            Key("each", .expression, "A list: one timer for each element, which is `item`."),
            Key("if", .expression, "Whether it is set at all; with `each` it is asked for each element."),
        ])

    static let cancel = KeyTable(
        "cancel", "a cancel",
        [
            Key("name", .text, isRequired: true, "The timer's name."),
            Key("key", .expression, isRequired: true, "What the timer is for."),
            Key("each", .expression, "A list: one timer for each element, which is `item`."),
            Key("if", .expression, "Whether it is taken back at all; with `each` it is asked for each element."),
        ])

    static let quorum = KeyTable(
        "quorum", "a quorum",
        [
            Key("of", .texts, isRequired: true, "The agents that vote."),
            Key("need", .integer(1...Int64(Int32.max)), isRequired: true, "The approvals needed."),
            Key("within", .expression, isRequired: true, "The time for it: `72h`, or CEL that gives a duration."),
            Key("reference", .expression, isRequired: true, "What the vote is about, a text."),
        ])

    static let decisionTable = KeyTable(
        "table", "a table",
        [
            Key("inputs", .map(.expression), "What cells are held against, CEL by name."),
            Key("rows", .list(.row), isRequired: true, "The first row that holds gives the outputs."),
            Key("default", .map(.cell), "The outputs where no row holds."),
        ])

    static let row = KeyTable(
        "row", "a row",
        [
            Key(
                "when", .either(.map(.cell), .expression),
                "Cells by input: a literal, a list of them, for numbers `>= 5`, `> 5`, `<= 5`, `< 5`, `5..9`; or CEL."
            ),
            Key("then", .map(.cell), isRequired: true, "The outputs by name; texts are CEL."),
        ])
}
