import Rules

/// Finds what can be changed in a rule file: each condition can be negated, each figure changed, each line of `refuse`,
/// decision, timer, cancel and fold left out.
struct RuleMutationFinder {
    let file: String
    let agent: String
    private(set) var found: [RuleMutation] = []
    private var subject: String
    private var path: [RuleMutation.Step] = []

    /// Lists whose elements a rule can do without.
    private static let lists: Set<String> = ["refuse", "emit", "also", "otherwise", "timers", "cancel"]
    /// Keys whose values are names or texts for people: their digits are no figures.
    private static let texts: Set<String> = [
        "id", "on", "over", "because", "name", "purpose", "reason", "as", "from", "to", "reference", "subject",
        "refused", "claim", "flags",
    ]

    init(file: String, agent: String) {
        self.file = file
        self.agent = agent
        subject = agent
    }

    mutating func visit(_ root: YamlNode) {
        each(root) { finder, entry in
            switch entry.key {
            case "parameters": finder.figures(entry.value, in: "params")
            case "rules":
                for (index, rule) in (entry.value.elements ?? []).enumerated() {
                    finder.within(.element(index)) { $0.visit(rule: rule) }
                }
            case "fold":
                finder.each(entry.value) { finder, fold in finder.visit(fold: fold) }
            default: break
            }
        }
    }

    private mutating func visit(rule: YamlNode) {
        let id = rule.entries?.first { $0.key == "id" }?.value.text ?? ""
        subject = agent + "/" + id
        visit(part: rule)
        subject = agent
    }

    private mutating func visit(fold: YamlNode.Entry) {
        let items = fold.value.elements ?? [fold.value]
        let isList = fold.value.elements != nil
        for (index, item) in items.enumerated() {
            let what = item.entries?.first?.value.text ?? ""
            let isWhole = !isList || items.count == 1
            within(isList ? .element(index) : nil) { finder in
                finder.conditions(item)
                if !isWhole { finder.add("without the fold of `\(fold.key)` into `\(what)`", item, .removed) }
            }
            if isWhole { add("without the fold of `\(fold.key)` into `\(what)`", item, .removed) }
        }
    }

    /// The conditions of a mapping alone.
    private mutating func conditions(_ node: YamlNode) {
        each(node) { finder, entry in
            if entry.key == "if" { finder.negate(entry.value) }
        }
    }

    private mutating func visit(part: YamlNode) {
        each(part) { finder, entry in
            let value = entry.value
            if Self.texts.contains(entry.key) { return }
            if entry.key == "when" || entry.key == "if", value.text != nil { finder.negate(value) }
            if Self.lists.contains(entry.key), let elements = value.elements {
                finder.visit(list: entry.key, elements, value)
            } else if value.entries != nil {
                finder.visit(part: value)
            } else if let elements = value.elements {
                finder.visit(elements)
            } else {
                finder.figures(value, in: entry.key)
            }
        }
    }

    private mutating func visit(_ elements: [YamlNode]) {
        for (index, element) in elements.enumerated() {
            within(.element(index)) { finder in
                if element.entries != nil {
                    finder.visit(part: element)
                } else if let inner = element.elements {
                    finder.visit(inner)
                } else if element.text?.contains("(") ?? false {
                    finder.figures(element, in: "")
                }
            }
        }
    }

    private mutating func visit(list key: String, _ elements: [YamlNode], _ list: YamlNode) {
        for (index, element) in elements.enumerated() {
            let change = "without \(Self.described(element, in: key))"
            if elements.count == 1 { add(change, element, .removed) }
            within(.element(index)) { finder in
                if elements.count > 1 { finder.add(change, element, .removed) }
                finder.visit(part: element)
            }
        }
    }

    /// `` the refusal `!(data.orderId in orders)` ``, `` its timer `deadline` ``.
    private static func described(_ element: YamlNode, in key: String) -> String {
        func text(_ key: String) -> String { element.entries?.first { $0.key == key }?.value.text ?? "" }
        switch key {
        case "refuse": return "the refusal `\(RuleCoverage.oneLine(text("when")))`"
        case "timers": return "its timer `\(text("name"))`"
        case "cancel": return "the end of the timer `\(text("name"))`"
        default:
            let other: Set<String> = ["if", "each", "subject"]
            let type = element.entries?.first { !other.contains($0.key) }?.key ?? element.text ?? ""
            return "its `\(type)`"
        }
    }

    private mutating func negate(_ condition: YamlNode) {
        guard let text = condition.text else { return }
        add("with `\(RuleCoverage.oneLine(text))` negated", condition, .text("!(" + text + ")"))
    }

    /// Changes each number of a value, or of the values in it.
    private mutating func figures(_ node: YamlNode, in name: String) {
        if node.entries != nil {
            each(node) { finder, entry in finder.figures(entry.value, in: name + "." + entry.key) }
        } else if let elements = node.elements {
            for (index, element) in elements.enumerated() {
                within(.element(index)) { $0.figures(element, in: name) }
            }
        } else if let text = node.text {
            for figure in Figures.all(in: text) {
                let changed = figure.changed(in: text)
                add(
                    "with \(changed.figure) for \(figure.text) in "
                        + (name.hasPrefix("params") ? "`\(name)`" : "`\(RuleCoverage.oneLine(text))`"),
                    node, .text(changed.text))
            }
        }
    }

    private mutating func each(_ node: YamlNode, _ body: (inout RuleMutationFinder, YamlNode.Entry) -> Void) {
        for (index, entry) in (node.entries ?? []).enumerated() { within(.entry(index)) { body(&$0, entry) } }
    }

    private mutating func within(_ step: RuleMutation.Step?, _ body: (inout RuleMutationFinder) -> Void) {
        guard let step else { return body(&self) }
        path.append(step)
        body(&self)
        path.removeLast()
    }

    private mutating func add(_ change: String, _ node: YamlNode, _ edit: RuleMutation.Edit) {
        found.append(
            RuleMutation(
                subject: subject, agent: agent, file: file, line: node.place.line, change: change, path: path,
                edit: edit))
    }
}
