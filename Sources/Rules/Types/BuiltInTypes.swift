/// The event types that no agent's rule file declares: `engine.yaml`, compiled in.
enum BuiltInTypes {
    static var file: RuleFile { RuleFile(name: "engine.yaml", text: EngineTypes.text) }
}
