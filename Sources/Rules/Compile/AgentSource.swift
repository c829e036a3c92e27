/// One agent's rule file as it is written.
struct AgentSource {
    let file: SourceFile
    let agent: String
    let agentPlace: SourcePlace
    let version: String
    let parameters: [YamlNode.Entry]
    let facts: YamlNode?
    let triggers: YamlNode?
    let decisions: YamlNode?
    /// The records `_name`.
    let shared: [String: YamlNode]
    let correctable: [(text: String, place: SourcePlace)]
    let common: RuleReader.Common
    let rules: [RuleSource]
    let state: StateSource

    /// Nil after noting what is wrong with the file as a whole.
    init?(_ root: YamlNode, in file: SourceFile) {
        guard
            let reader = MappingReader(root, in: file, .ruleFile), let agent = reader.text("agent")
        else { return nil }
        // Without it the rest is read all the same: what else is wrong is told, too.
        let version = reader.text("version") ?? ""
        self.file = file
        self.agent = agent
        agentPlace = reader["agent"]?.place ?? root.place
        self.version = version
        if let node = reader["parameters"], node.entries == nil, node.scalar != .null {
            file.error(node.place, "`parameters` must be a mapping, is \(node.described)")
        }
        parameters = reader["parameters"]?.entries ?? []
        facts = reader["facts"]
        triggers = reader["triggers"]
        decisions = reader["decisions"]
        shared = EventTypesBuilder.shared(root.entries ?? [])
        correctable = reader.texts("correctable")
        let rules = RuleReader(reader)
        common = rules.common
        state = StateSource(reader, rules)
        self.rules = reader.list("rules").compactMap(rules.rule)
    }
}
