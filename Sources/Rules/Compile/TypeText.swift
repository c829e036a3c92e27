import AgentKit

/// CEL types as messages name them.
enum TypeText {
    /// The name under which personal fields pass through type checks.
    static let personalName = "personal"
    static let personal = CELType.opaque(personalName, [])

    static func describe(_ type: CELType) -> String { type == personal ? "a personal field" : type.description }
}
