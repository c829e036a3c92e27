/// The members of one event type that a reducer reads: a rule set that declares the type must declare them alike.
package struct EventReading: Sendable {
    /// The way in which a member's value is read.
    package enum Form: String, Sendable {
        case text = "string"
        case integer = "int"
        case decimal = "double"
        case flag = "bool"
        case moment = "timestamp"
        case length = "duration"
        case texts = "[string]"
        /// A record, whose members that are read follow.
        case record = "a record"
        /// A list of records, whose members that are read follow.
        case records = "a list of records"
        /// An object of which every member is read, whatever its name.
        case map = "a map"
        case any = "dyn"
    }

    /// One member, or a member of a record inside it.
    package struct Member: Sendable {
        /// Names joined by dots; `[]` stands behind a list: `transfers[].amount`.
        package let path: String
        package let form: Form
        /// True where it may be absent.
        package let isOptional: Bool

        package init(_ path: String, _ form: Form, isOptional: Bool = false) {
            self.path = path
            self.form = form
            self.isOptional = isOptional
        }
    }

    package let type: String
    package let members: [Member]

    package init(_ type: String, _ members: [Member]) {
        self.type = type
        self.members = members
    }
}
