/// The keys that one kind of mapping in the files of a rule set may have. The readers refuse any other key, and
/// `rules/schema.json` is written from the same tables.
package struct KeyTable: Sendable {
    /// One key.
    struct Key: Sendable {
        let name: String
        let content: KeyContent
        let isRequired: Bool
        /// The description that an editor shows beside the key.
        let about: String

        init(_ name: String, _ content: KeyContent, isRequired: Bool = false, _ about: String) {
            self.name = name
            self.content = content
            self.isRequired = isRequired
            self.about = about
        }
    }

    /// The name in the schema's `$defs`.
    let id: String
    /// For messages: `a rule`.
    let what: String
    let keys: [Key]
    /// The form and content of other keys; nil where there are no others.
    let other: Other?
    /// Keys of which one at least has to be there.
    let oneOf: [String]

    /// Keys of the author's choosing.
    struct Other: Sendable {
        /// An ECMA-262 regular expression: `^_`, or `.` between words for an event type.
        let pattern: String
        let content: KeyContent
        let about: String
    }

    init(_ id: String, _ what: String, _ keys: [Key], other: Other? = nil, oneOf: [String] = []) {
        self.id = id
        self.what = what
        self.keys = keys
        self.other = other
        self.oneOf = oneOf
    }

    /// The names of the keys that are not of the author's choosing.
    package var names: [String] { keys.map(\.name) }

    func knows(_ key: String) -> Bool {
        keys.contains { $0.name == key } || isOther(key)
    }

    /// Returns true if a key is one of the author's choosing.
    func isOther(_ key: String) -> Bool {
        guard let other else { return false }
        return other.pattern == "^_" ? key.hasPrefix("_") : key.utf8.contains(UInt8(ascii: "."))
    }
}

/// The values that a key may have.
indirect enum KeyContent: Sendable {
    /// A literal: any scalar as it is written.
    case text
    /// A literal of the pattern, an ECMA-262 regular expression.
    case matching(String)
    case oneOf([String])
    case texts
    /// A CEL expression in one scalar.
    case expression
    /// An expression or a list of them.
    case expressions
    case integer(ClosedRange<Int64>)
    case flag
    /// A list of mappings.
    case list(KeyTable)
    /// A mapping, or a list of them.
    case oneOrMore(KeyTable)
    case table(KeyTable)
    /// A mapping from names of the author's choosing.
    case map(KeyContent)
    /// Any YAML.
    case any
    /// Any scalar but nothing, or a list of them.
    case cell
    /// Event types with the members of their data.
    case eventTypes
    /// The data of a decision: CEL by member, in lists and mappings.
    case emission
    /// The members of a record with their types.
    case members
    /// Either of two.
    case either(KeyContent, KeyContent)
}
