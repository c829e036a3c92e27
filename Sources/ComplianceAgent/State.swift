package import AgentKit

/// The erasures that wait.
package struct ComplianceState {
    package let erasures: Table<Erasure>

    init(in tables: TableSet) {
        erasures = tables.table("erasures")
    }
}
