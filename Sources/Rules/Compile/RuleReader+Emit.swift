/// Decisions as they are written: `type: {member: CEL}`, and lines of `refuse`.
extension RuleReader {
    func emits(_ reader: MappingReader, _ key: String, subject: RuleSource.Subject?) -> [RuleSource.Emit] {
        reader.list(key).compactMap { emit($0, key, subject: subject) }
    }

    /// Reads `subject`: a name is a member of the decision's data, anything else is CEL.
    func subject(_ reader: MappingReader) -> RuleSource.Subject? {
        reader.expression("subject").map {
            Self.isName($0.text) ? .member($0.text, $0.place) : .expression($0)
        }
    }

    private func emit(_ node: YamlNode, _ key: String, subject: RuleSource.Subject?) -> RuleSource.Emit? {
        guard let item = MappingReader(node, in: file, .emit, what: "an item of `\(key)`") else { return nil }
        let decisions = node.entries?.filter { $0.key == "transfer" || KeyTable.emit.isOther($0.key) } ?? []
        guard let entry = decisions.first else {
            file.error(node.place, "an item of `\(key)` names its decision: `order.accepted: {orderId: data.orderId}`")
            return nil
        }
        for other in decisions.dropFirst() {
            file.error(other.keyPlace, "`\(other.key)` beside `\(entry.key)`: an item is one decision")
        }
        let isTransfer = entry.key == "transfer"
        guard let data = isTransfer ? transfer(entry) : data(of: entry) else { return nil }
        let own = self.subject(item)
        return RuleSource.Emit(
            type: isTransfer ? "transfer.requested" : entry.key, typePlace: entry.keyPlace, place: entry.keyPlace,
            subject: own ?? subject, hasOwnSubject: own != nil, data: data, each: item.expression("each"),
            condition: item.expression("if"))
    }

    /// A decision's data: a mapping, a list whose names alone are members of the trigger, or CEL that gives the whole.
    private func data(of entry: YamlNode.Entry) -> RuleSource.Data? {
        if entry.value.entries == nil, entry.value.elements == nil {
            return entry.value.expression.map { .expression($0) } ?? .members([], entry.keyPlace)
        }
        return .members(members(entry.value, of: entry.key), entry.keyPlace)
    }

    /// Members with their values: a mapping, or a list in which a name alone is the trigger's member.
    func members(_ node: YamlNode, of name: String) -> [RuleSource.Member] {
        switch node.content {
        case .mapping(let entries): return entries.compactMap(member)
        case .scalar:
            file.error(node.place, "`\(name)` must be a mapping from member to CEL, is \(node.described)")
            return []
        case .sequence(let elements):
            var members: [RuleSource.Member] = []
            for element in elements {
                if let entries = element.entries {
                    members += entries.compactMap(member)
                } else if let name = element.text, Self.isName(name) {
                    members.append(RuleSource.Member(name: name, place: element.place, value: nil))
                } else {
                    file.error(
                        element.place, "\(element.described) is not the name of a member; others are `name: CEL`")
                }
            }
            return members
        }
    }

    private func member(_ entry: YamlNode.Entry) -> RuleSource.Member? {
        value(entry.value, entry.key).map {
            RuleSource.Member(name: entry.key, place: entry.keyPlace, value: $0)
        }
    }

    private func value(_ node: YamlNode, _ name: String) -> RuleSource.Data? {
        switch node.content {
        case .mapping(let entries): return .members(entries.compactMap(member), node.place)
        case .sequence(let elements): return .elements(elements.compactMap { value($0, name) }, node.place)
        case .scalar:
            guard let expression = node.expression else {
                file.error(node.place, "`\(name)` must be CEL, is \(node.described)")
                return nil
            }
            return .expression(expression)
        }
    }

    // MARK: Transfers

    /// `transfer: {purpose, reference, from, to, amount, ...}`, or with `transfers` a list in CEL.
    private func transfer(_ entry: YamlNode.Entry) -> RuleSource.Data? {
        guard let item = MappingReader(entry.value, in: file, .transfer) else { return nil }
        let (purpose, reference) = (item.template("purpose"), item.expression("reference"))
        func member(_ name: String, _ value: RuleSource.Data) -> RuleSource.Member {
            RuleSource.Member(name: name, place: item.keyPlace(name), value: value)
        }
        let transfers: RuleSource.Data
        if let whole = item.expression("transfers") {
            for entry in entry.value.entries ?? []
            where !["purpose", "reference", "transfers"].contains(entry.key) {
                file.error(entry.keyPlace, "`\(entry.key)` beside `transfers`, which says all of them")
            }
            transfers = .expression(whole)
        } else {
            let (from, to) = (item.needed("from", as: item.template), item.needed("to", as: item.template))
            let amount = item.needed("amount", as: item.expression)
            guard let from, let to, let amount else { return nil }
            var members = [
                member("debitAccount", .text(from, isAccount: true)),
                member("creditAccount", .text(to, isAccount: true)), member("amount", .expression(amount)),
            ]
            for name in ["code", "pendingId", "timeoutSeconds"] {
                if let value = item.expression(name) { members.append(member(name, .expression(value))) }
            }
            if item["flags"] != nil {
                let flags = item.texts("flags").map { flag in
                    RuleSource.Data.expression(
                        ExpressionText("'\(flag.text)'", standingFor: flag.text.unicodeScalars.count, at: flag.place))
                }
                members.append(member("flags", .elements(flags, item.keyPlace("flags"))))
            }
            transfers = .elements([.members(members, entry.keyPlace)], entry.keyPlace)
        }
        guard let purpose, let reference else { return nil }
        return .members(
            [
                member("purpose", .text(purpose, isAccount: false)), member("reference", .expression(reference)),
                RuleSource.Member(name: "transfers", place: item.keyPlace("transfers"), value: transfers),
            ], entry.keyPlace)
    }

    // MARK: Refusing

    /// One line of `refuse`.
    func refusal(
        _ node: YamlNode, as type: (text: String, place: SourcePlace)?, subject: RuleSource.Subject?
    ) -> RuleSource.Refusal? {
        guard let line = MappingReader(node, in: file, .refusal), let when = line.expression("when") else {
            return nil
        }
        guard let type = line.literal("as") ?? type else {
            file.error(
                node.place, "a line of `refuse` needs `as`, its decision; or `refused` of the rule or the file says it")
            return nil
        }
        var with: [RuleSource.Member] = []
        if let given = line["with"] {
            if given.entries == nil {
                file.error(given.place, "`with` must be a mapping from member to CEL, is \(given.described)")
            }
            with = (given.entries ?? []).compactMap(member)
        }
        return RuleSource.Refusal(
            place: node.place, when: when, type: type, reason: line.template("reason"),
            because: line.template("because"), with: with, also: emits(line, "also", subject: subject))
    }
}
