package import AgentKit
import CEL

/// What a rule set says of events, type by type. Any thread may ask.
package struct Sentences: Sendable {
    private var sentences: [String: Sentence] = [:]
    private let calendar: Calendar
    private let currencies: Currencies

    /// Compiles the sentences of all types; notes in their files what is wrong with them.
    init(
        _ types: EventTypes, _ declared: [String: EventTypesBuilder.Declared], _ calendar: Calendar,
        _ currencies: Currencies
    ) {
        self.init(types, declared, calendar, currencies, compiled: Self.ofEngine.sentences)
    }

    /// - Parameter compiled: the sentences of the engine's own types.
    private init(
        _ types: EventTypes, _ declared: [String: EventTypesBuilder.Declared], _ calendar: Calendar,
        _ currencies: Currencies, compiled: [String: Sentence]
    ) {
        self.calendar = calendar
        self.currencies = currencies
        sentences = compiled
        var environment = Environment()
        environment.convertsDeclaredScalars = true
        for function in SentenceFunctions.all { environment.declare(function: function) }
        for type in types.all where compiled[type.name] == nil {
            guard let say = type.say, let file = declared[type.name]?.file else { continue }
            sentences[type.name] = Sentence(say, of: type, in: environment, file: file)
        }
    }

    /// What happened, in one line; the type's words where no sentence is declared.
    /// - Parameter erased: the persons whose keys are destroyed.
    package func text(_ entry: View, erased: Set<String> = []) -> String {
        let type = entry["type"]?.string ?? ""
        guard let sentence = sentences[type] else { return String(type.map { $0 == "." ? " " : $0 }) }
        let recorded = entry.instant("recordedtime") ?? .earliest
        return sentence.text(
            entry,
            SentenceContext(
                calendar: calendar, currencies: currencies, recorded: recorded,
                isErased: entry["data"]?["userId"]?.string.map(erased.contains) ?? false))
    }

    /// These, and of the others those of the types that these do not know.
    package func over(_ others: Sentences) -> Sentences {
        var all = self
        all.sentences.merge(others.sentences) { own, _ in own }
        return all
    }

    /// Tells if there is a sentence for events of a type.
    package func isSaid(_ type: String) -> Bool { sentences[type] != nil }

    /// The sentences of the engine's own types.
    package static let ofEngine: Sentences = {
        var builder = EventTypesBuilder()
        _ = builder.addBuiltIn(SourceFile(BuiltInTypes.file), correctable: [])
        return Sentences(EventTypes(builder.types), builder.declared, .standard, .standard, compiled: [:])
    }()
}
