package import AgentKit
import CEL
import Synchronization

/// The sentences in which a rule set tells events, by type. Any thread may ask.
package struct Sentences: Sendable {
    private var sentences: [String: Sentence] = [:]
    private let calendar: Calendar
    private let currencies: Currencies

    /// The sentences of all types, each compiled when it is first said.
    init(_ types: EventTypes, _ calendar: Calendar, _ currencies: Currencies) {
        self.init(types.all, calendar, currencies, engine: Self.ofEngine.sentences)
    }

    /// - Parameter engine: the sentences of the engine's own types.
    private init(
        _ types: [EventType], _ calendar: Calendar, _ currencies: Currencies, engine: [String: Sentence]
    ) {
        self.calendar = calendar
        self.currencies = currencies
        sentences = engine
        var environment = CELEnvironment()
        environment.convertsDeclaredScalars = true
        for function in SentenceFunctions.all { environment.declare(function: function) }
        for type in types where engine[type.name] == nil {
            guard let say = type.say else { continue }
            sentences[type.name] = Sentence(say, of: type, in: environment)
        }
    }

    /// Compiles the sentences of rule files now; notes the errors in the files of their types.
    mutating func compile(_ types: EventTypes, _ declared: [String: EventTypesBuilder.Declared]) {
        let engine = Self.ofEngine.sentences
        for name in types.all.map(\.name) where engine[name] == nil {
            guard let sentence = sentences[name], let file = declared[name]?.file else { continue }
            if !sentence.compile(notingIn: file) { sentences[name] = nil }
        }
    }

    /// The sentence for an entry, in one line; the type's words where none is declared.
    /// - Parameter erased: the persons whose keys are destroyed.
    package func text(_ entry: View, erased: Set<String> = []) -> String {
        let type = entry["type"]?.string ?? ""
        guard let sentence = sentences[type] else { return Self.words(of: type) }
        let recorded = entry.instant("recordedtime") ?? .earliest
        return sentence.text(
            entry,
            SentenceContext(
                calendar: calendar, currencies: currencies, recorded: recorded,
                isErased: entry["data"]?["userId"]?.string.map(erased.contains) ?? false))
    }

    /// The words of a type's name.
    static func words(of type: String) -> String { String(type.map { $0 == "." ? " " : $0 }) }

    /// These, and of the others those of the types that these do not know.
    package func over(_ others: Sentences) -> Sentences {
        var all = self
        all.sentences.merge(others.sentences) { own, _ in own }
        return all
    }

    /// Returns true if there is a sentence for events of a type.
    package func isSaid(_ type: String) -> Bool { sentences[type] != nil }

    /// The sentences of the engine's own types.
    package static let ofEngine = Sentences(BuiltInTypes.types, .standard, .standard, engine: [:])
}

/// The sentence of an event type: a text with CEL in braces that sees the members of the data by their names, and `event`.
/// It never fails: what is absent or cannot be computed is left out.
final class Sentence: Sendable {
    private enum State {
        case written
        case compiled(SentencePlan)
        case wrong
    }

    private let say: ExpressionText
    private let type: EventType
    private let base: CELEnvironment
    private let state = Mutex(State.written)

    /// - Parameter base: declares the functions that sentences may call.
    init(_ say: ExpressionText, of type: EventType, in base: CELEnvironment) {
        self.say = say
        self.type = type
        self.base = base
    }

    /// Returns false after noting the errors in `file`.
    func compile(notingIn file: SourceFile) -> Bool {
        let plan = SentencePlan(say, of: type, in: base, file: file)
        state.withLock { $0 = plan.map { .compiled($0) } ?? .wrong }
        return plan != nil
    }

    /// The sentence for an entry of the type; the type's words where it cannot be compiled.
    func text(_ entry: View, _ context: SentenceContext) -> String {
        let plan = state.withLock { state -> SentencePlan? in
            if case .written = state {
                // It was checked before the rule set came into force: nobody reads what is noted here.
                let file = SourceFile(RuleFile(name: "", text: []))
                state = SentencePlan(say, of: type, in: base, file: file).map { .compiled($0) } ?? .wrong
            }
            if case .compiled(let plan) = state { return plan }
            return nil
        }
        return plan?.text(entry, context) ?? Sentences.words(of: type.name)
    }
}

/// A sentence, compiled.
private struct SentencePlan: Sendable {
    private enum Segment {
        case literal(String)
        case value(Program, SentenceForm)
    }

    /// A member of the data and its slot.
    private struct Slot {
        let name: String
        let type: DeclaredType
        let index: Int
    }

    private let segments: [Segment]
    private let slots: [Slot]
    private let slotCount: Int
    private let event: Int

    /// Returns nil after noting the errors in `file`.
    /// - Parameter base: declares the functions that sentences may call.
    init?(_ say: ExpressionText, of type: EventType, in base: CELEnvironment, file: SourceFile) {
        guard let template = TextTemplate(say, in: file) else { return nil }
        var environment = base
        let data = type.schema.recordType
        let attributes = Self.attributes(of: type, data)
        for record in DeclaredType.record(type.schema).recordTypes + [attributes] {
            environment.declare(record: record)
        }
        event = environment.declare(variable: "event", .record(attributes.name))
        slots = type.schema.members.map { member in
            var type = member.type
            if case .personal = type { type = .string }
            return Slot(
                name: member.name, type: member.type,
                index: environment.declare(variable: member.name, type.celType))
        }
        slotCount = environment.variables.count
        let compiler = ExpressionCompiler(file: file)
        var segments: [Segment] = []
        var isWhole = true
        for part in template.parts {
            switch part {
            case .literal(let text): segments.append(.literal(text))
            case .expression(let written):
                let expression = Self.listed(written, in: environment)
                guard let program = compiler.compile(expression, in: environment) else {
                    isWhole = false
                    continue
                }
                guard SentenceText.says(program.resultType) else {
                    let found = TypeText.describe(program.resultType)
                    file.error(expression.place(0, in: file), "a sentence cannot say \(found)")
                    isWhole = false
                    continue
                }
                let view = try? environment.syntax(of: expression.text)
                let form = view.map { SentenceForm($0, program.resultType, members: type.schema.type(of:)) }
                segments.append(.value(program, form ?? SentenceForm(program.resultType)))
            }
        }
        guard isWhole else { return nil }
        self.segments = segments
    }

    /// The argument of `list(x)`: a list is said by its elements as they are declared, which a function cannot see.
    private static func listed(_ expression: ExpressionText, in environment: CELEnvironment) -> ExpressionText {
        guard let view = try? environment.syntax(of: expression.text), case .call("list", let arguments) = view.form,
            arguments.count == 1
        else { return expression }
        let start = arguments[0].offset
        return expression.part(start..<start + arguments[0].text.utf8.count)
    }

    private static func attributes(of type: EventType, _ data: RecordType) -> RecordType {
        let texts = ["id", "source", "type", "sequence", "subject", "authid", "agent", "rule", "because"]
        return RecordType(
            "event:" + type.name,
            [RecordType.Field("recordedtime", .timestamp), RecordType.Field("data", .record(data.name))]
                + texts.map { RecordType.Field($0, .string) })
    }

    /// The sentence for an entry of the type.
    func text(_ entry: View, _ context: SentenceContext) -> String {
        let host = JSONHost(entry.document)
        let activation = Activation(slots: slotCount)
        activation.context = context
        activation[event] = .host(host, entry.node)
        let data = entry["data"]
        for slot in slots {
            guard let member = data?.member(slot.name), !member.isNull else { continue }
            activation[slot.index] = SentenceText.value(member, slot.type, host, isErased: context.isErased)
        }
        return segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .value(let program, let form): SentenceText.shown(program.evaluate(activation), as: form, context)
            }
        }.joined()
    }
}

/// The settings of one evaluation of a sentence, beside the entry.
final class SentenceContext {
    let calendar: Calendar
    let currencies: Currencies
    /// Times of its year are told without the year.
    let recorded: Instant
    /// Indicates that nobody can read the entry's personal members any more.
    let isErased: Bool

    init(calendar: Calendar, currencies: Currencies, recorded: Instant, isErased: Bool) {
        self.isErased = isErased
        self.calendar = calendar
        self.currencies = currencies
        self.recorded = recorded
    }
}
