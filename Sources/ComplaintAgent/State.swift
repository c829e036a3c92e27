package import AgentKit

/// The complaints, open and closed.
package struct ComplaintState {
    package let complaints: Table<Complaint>

    init(in tables: TableSet) {
        complaints = tables.table("complaints")
    }
}
