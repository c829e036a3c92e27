package import AgentKit

/// What users prefer.
package struct RecommendationState {
    package let preferences: Table<Preferences>

    init(in tables: TableSet) {
        preferences = tables.table("preferences")
    }
}
