import CEL

/// Checks what a file and a rule say for several decisions, also where none of them uses it.
extension RuleCompiler {
    func check(_ common: RuleReader.Common, _ rules: [RuleSource]) {
        if let refused = common.refused { _ = refusing(refused.text, refused.place) }
        let scope = scope(of: RuleSource(), seen: [])
        if let onError = common.onError, !rules.contains(where: \.hasFilesOnError) { _ = emits(onError, scope) }
        switch common.subject {
        case .member(let name, let place):
            let emitted = rules.flatMap { self.emitted(by: $0) }
            let own = types.all.filter { $0.kind == .decision && $0.owner == agent.name }
            check(subject: name, place, among: own + emitted) { file.error(place, $0, length: $1) }
        case .expression(let expression):
            guard !rules.contains(where: \.hasFilesSubject) else { return }
            _ = program(expression, scope, [.string, .optional(.string)], "`subject`")
        case nil: break
        }
    }

    /// What a rule says itself for its decisions.
    func checkNames(_ rule: RuleSource) {
        if let refused = rule.refused { _ = refusing(refused.text, refused.place) }
        guard case .member(let name, let place) = rule.subject, !rule.hasFilesSubject else { return }
        check(subject: name, place, among: emitted(by: rule)) { file.warning(place, $0, length: $1) }
    }

    /// Notes a subject that none of the types has, unless there is none of them.
    private func check(
        subject name: String, _ place: SourcePlace, among types: [EventType], note: (String, Int) -> Void
    ) {
        guard !types.isEmpty, !types.contains(where: { $0.schema.index(of: name) != nil }) else { return }
        let hint = Spelling.hint(name, among: types.flatMap { $0.schema.members.map(\.name) })
        note("`subject`: no decision has a member `\(name)`\(hint)", name.unicodeScalars.count)
    }

    private func emitted(by rule: RuleSource) -> [EventType] {
        let items = rule.emit + (rule.otherwise ?? []) + (rule.onError ?? []) + rule.refusals.flatMap(\.also)
        return (items.map(\.type) + rule.refusals.map(\.type.text)).compactMap { types[$0] }
    }
}
