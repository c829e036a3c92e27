package import AgentKit

/// What was reported of each service.
package struct QualityState {
    package let quality: Table<Quality>

    init(in tables: TableSet) {
        quality = tables.table("quality")
    }
}
