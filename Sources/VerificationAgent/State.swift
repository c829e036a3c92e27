package import AgentKit

/// Who is registered, at which level and with what trust.
package struct VerificationState {
    package let users: Table<User>

    init(in tables: TableSet) {
        users = tables.table("users")
    }
}
