extension EventTypes {
    /// The types that rule files declare beside the engine's own; what else stands in the files is not read.
    /// - Parameters:
    ///   - files: agents' rule files, in the order in which their agents decide.
    ///   - engine: the engine's own declarations, those compiled in where it is nil.
    package static func declared(in files: [RuleFile], engine: RuleFile? = nil) throws(RuleSetError) -> EventTypes {
        var builder = EventTypesBuilder()
        let sources = files.map(SourceFile.init)
        let roots = sources.map { YamlReader.read($0)?.entries ?? [] }
        let correctable = Set(
            roots.flatMap { entries in
                entries.first { $0.key == "correctable" }?.value.elements?.compactMap(\.text) ?? []
            })
        let builtIn = SourceFile(engine ?? BuiltInTypes.file)
        let shared = builder.addBuiltIn(builtIn, correctable: correctable)
        for (source, entries) in zip(sources, roots) {
            let own = EventTypesBuilder.shared(entries)
            let owner = entries.first { $0.key == "agent" }?.value.text ?? source.name
            for (key, kind) in EventTypesBuilder.sections {
                guard let node = entries.first(where: { $0.key == key })?.value else { continue }
                let section = EventTypesBuilder.Section(
                    node: node, kind: kind, owner: owner, redeclared: Set(own.keys).intersection(shared.keys))
                builder.add(
                    section, shared: shared.merging(own) { _, own in own }, correctable: correctable, file: source)
            }
        }
        let errors = ([builtIn] + sources).flatMap(\.errors)
        guard errors.isEmpty else { throw RuleSetError(errors.sorted()) }
        return EventTypes(builder.types)
    }
}
