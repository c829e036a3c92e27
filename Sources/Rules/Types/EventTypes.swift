import AgentKit

/// All event types of a rule set, by name and by index. Immutable: any thread may read it.
package final class EventTypes: Sendable {
    /// In the order of their indexes.
    package let all: [EventType]
    private let byName: [String: EventType]

    init(_ all: [EventType]) {
        self.all = all
        byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
    }

    package subscript(_ name: String) -> EventType? { byName[name] }

    package var count: Int { all.count }

    /// The engine's own types.
    package static let ofEngine = EventTypes(BuiltInTypes.types)
}

extension EventTypes {
    /// The types that rule files declare beside the engine's own; what else stands in the files is not read.
    /// - Parameters:
    ///   - files: agents' rule files, in the order in which their agents decide.
    ///   - engine: the engine's own declarations, those compiled in where it is nil.
    /// - Throws: `RuleSetError` with every error in the declarations.
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

/// The event types that no agent's rule file declares: `engine.yaml`, compiled in.
enum BuiltInTypes {
    static var file: RuleFile { RuleFile(name: "engine.yaml", text: EngineTypes.text) }

    /// The file's document, read once.
    static let entries = YamlReader.read(SourceFile(file))?.entries ?? []

    static let types: [EventType] = {
        var builder = EventTypesBuilder()
        _ = builder.add(entries, of: SourceFile(file), correctable: [])
        return builder.types
    }()
}

/// Collects the event types of a rule set and gives them their indexes.
struct EventTypesBuilder {
    private(set) var types: [EventType] = []
    /// The place of each type's declaration, by the type's name.
    private(set) var declared: [String: Declared] = [:]
    private var owners: [String: String] = [:]

    /// One mapping from type name to members.
    struct Section {
        let node: YamlNode
        let kind: EventKind
        let owner: String
        var ownerClass: AgentClass? = nil
        /// The built-in records that the file declares anew for itself.
        var redeclared: Set<String> = []
    }

    /// Place of a type's declaration.
    struct Declared {
        let file: SourceFile
        /// The place of `data`, or of the name where the members alone stand behind it.
        let place: SourcePlace
        let members: [YamlNode.Entry]

        /// The place of a member, or of the whole where it is not declared.
        func place(of path: String) -> SourcePlace {
            let name = path.prefix { $0 != "." && $0 != "[" }
            return members.first { $0.key == name }?.keyPlace ?? place
        }
    }

    /// A type's declaration: the members of its data alone, or these under `data` beside other keys.
    private struct Declaration {
        let data: YamlNode
        /// The place of the key `data`; nil where the members alone stand there.
        let dataPlace: SourcePlace?
        let once: YamlNode?
        let say: YamlNode?
        let outcome: YamlNode?

        init(_ node: YamlNode) {
            let entries = node.entries ?? []
            func value(_ key: String) -> YamlNode? { entries.first { $0.key == key }?.value }
            guard let data = entries.first(where: { $0.key == "data" }), data.value.entries != nil else {
                self.data = node
                dataPlace = nil
                (once, say, outcome) = (nil, nil, nil)
                return
            }
            self.data = data.value
            dataPlace = data.keyPlace
            once = value("once")
            say = value("say")
            outcome = value("outcome")
        }
    }

    /// Adds a section; notes its errors in `file`.
    mutating func add(_ section: Section, shared: [String: YamlNode], correctable: Set<String>, file: SourceFile) {
        if case .null = section.node.scalar { return }
        guard let entries = section.node.entries else {
            file.error(section.node.place, "event types must be a mapping, are \(section.node.described)")
            return
        }
        var parser = TypeParser(file, shared: shared)
        for name in section.redeclared { parser.ownNames[name] = section.owner + "." + name }
        for entry in entries {
            guard Self.isName(entry.key) else {
                file.error(entry.keyPlace, "`\(entry.key)` is no event type: lower-case words joined by dots")
                continue
            }
            if let owner = owners[entry.key] {
                file.error(entry.keyPlace, "event type `\(entry.key)` is declared already, by `\(owner)`")
                continue
            }
            let declaration = Declaration(entry.value)
            if declaration.dataPlace != nil {
                let what = "the declaration of `\(entry.key)`"
                guard MappingReader(entry.value, in: file, .eventType, what: what) != nil else { continue }
            }
            guard let schema = parser.record(declaration.data, named: "event." + entry.key) else { continue }
            owners[entry.key] = section.owner
            declared[entry.key] = Declared(
                file: file, place: declaration.dataPlace ?? entry.keyPlace, members: declaration.data.entries ?? [])
            let type = EventType(
                name: entry.key, owner: section.owner, ownerClass: section.ownerClass, kind: section.kind,
                index: types.count, schema: schema, isCorrectable: correctable.contains(entry.key),
                once: declaration.once.flatMap { OnceKey($0, of: entry.key, section.kind, schema, in: file) },
                isRefusal: isRefusal(declaration.outcome, entry.key, section.kind, file),
                say: text(declaration.say, of: entry.key, file))
            checkPersonal(type, entry, file)
            checkMinimal(type, entry, file)
            types.append(type)
        }
    }

    /// Returns true if the declared `outcome` says that the decision refuses something.
    private func isRefusal(_ outcome: YamlNode?, _ type: String, _ kind: EventKind, _ file: SourceFile) -> Bool {
        guard let outcome else { return false }
        guard kind == .decision || kind == .engine else {
            file.error(outcome.place, "`outcome` is for decisions, `\(type)` is a \(kind.rawValue)")
            return false
        }
        guard outcome.text == "refused" else {
            file.error(outcome.place, "`outcome` is `refused` or left out, not \(outcome.described)")
            return false
        }
        return true
    }

    private func text(_ say: YamlNode?, of type: String, _ file: SourceFile) -> ExpressionText? {
        guard let say else { return nil }
        if say.expression == nil { file.error(say.place, "`say` of `\(type)` must be a text, is \(say.described)") }
        return say.expression
    }

    /// A personal field is sealed under the key of the person in `data.userId`.
    private func checkPersonal(_ type: EventType, _ entry: YamlNode.Entry, _ file: SourceFile) {
        for member in type.schema.members {
            var inner = member.type
            if case .personal(let type) = inner { inner = type }
            guard inner.holdsPersonal else { continue }
            file.error(
                entry.keyPlace,
                "`\(entry.key)`: only a member of the data itself can be personal, not a part of `\(member.name)`")
        }
        guard !type.personalFields.isEmpty, type.kind.isFromOutside else { return }
        guard let index = type.schema.index(of: "userId"), !type.schema.members[index].isOptional else {
            file.error(entry.keyPlace, "`\(entry.key)` has personal members and needs `userId: string`, whose they are")
            return
        }
    }

    /// The door reduces members of the data that producers send, and nothing else.
    private func checkMinimal(_ type: EventType, _ entry: YamlNode.Entry, _ file: SourceFile) {
        if !type.minimalFields.isEmpty, !type.kind.isFromOutside {
            file.error(entry.keyPlace, "`\(entry.key)` has minimal members: only what producers send is reduced")
        }
        for member in type.schema.members where member.type.holdsMinimal {
            file.error(
                entry.keyPlace,
                "`\(entry.key)`: only a member of the data itself can be minimal, not a part of `\(member.name)`")
        }
    }

    private static func isName(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        return parts.count >= 2 && name.utf8.count <= 128
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.allSatisfy { ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x5F }
            }
    }

    /// The sections of an agent's rule file.
    static let sections: [(key: String, kind: EventKind)] = [
        ("facts", .fact), ("triggers", .trigger), ("decisions", .decision),
    ]

    /// Adds the engine's own types; notes their errors in `file`.
    /// - Returns: the records that every rule file may name.
    mutating func addBuiltIn(_ file: SourceFile, correctable: Set<String>) -> [String: YamlNode] {
        add(YamlReader.read(file)?.entries ?? [], of: file, correctable: correctable)
    }

    /// The same where the file is read already.
    mutating func add(
        _ entries: [YamlNode.Entry], of file: SourceFile, correctable: Set<String>
    ) -> [String: YamlNode] {
        let shared = Self.shared(entries)
        let kinds: [String: (EventKind, String)] = [
            "engine": (.engine, "engine"), "any agent": (.decision, "any"),
            "administrator triggers": (.trigger, "administrator"), "administrator facts": (.fact, "administrator"),
        ]
        for entry in entries {
            guard let (kind, owner) = kinds[entry.key] else { continue }
            let section = Section(node: entry.value, kind: kind, owner: owner)
            add(section, shared: shared, correctable: correctable, file: file)
        }
        return shared
    }

    /// The records `_name` among a file's entries.
    static func shared(_ entries: [YamlNode.Entry]) -> [String: YamlNode] {
        Dictionary(
            entries.filter { $0.key.hasPrefix("_") }.map { (String($0.key.dropFirst()), $0.value) }
        ) { first, _ in first }
    }
}
