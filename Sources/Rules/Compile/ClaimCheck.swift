/// Looks for two rules of one agent that claim the same thing on the same event: at best one of them stands.
enum ClaimCheck {
    static func report(_ rules: [RuleSource], in file: SourceFile) {
        for (index, rule) in rules.enumerated() {
            for other in rules[..<index]
            where rule.on.contains(where: { on in other.on.contains { $0.text == on.text } }) {
                for claim in rule.claims where other.claims.contains(where: { $0.text == claim.text }) {
                    file.warning(
                        claim.place(0, in: file), "rule `\(other.id)` claims the same on the same event",
                        length: claim.text.unicodeScalars.count)
                }
            }
        }
    }
}
