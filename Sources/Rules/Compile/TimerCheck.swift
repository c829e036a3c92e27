/// Looks for timers that an agent cancels and never schedules: a name misspelt, as a rule.
enum TimerCheck {
    static func report(_ rules: [RuleSource], in file: SourceFile) {
        let scheduled = Set(rules.flatMap(\.timers).map(\.name))
        for cancel in rules.flatMap(\.cancels) where !scheduled.contains(cancel.name) {
            let hint = Spelling.hint(cancel.name, among: scheduled.sorted())
            file.warning(cancel.place, "no rule of this agent schedules a timer `\(cancel.name)`\(hint)")
        }
    }
}
