package import AgentKit

/// Folds the decisions on complaints.
package enum ComplaintAgent: Agent {
    package enum Fold: String, CaseIterable, Sendable {
        case opened = "complaint.opened"
        case escalated = "complaint.escalated"
        case closed = "complaint.closed"
        case frozen = "complaint.frozen"
        case resumed = "complaint.resumed"
        case fined = "fine.imposed"
    }

    package static let name = "complaint"
    package static let agentClass = AgentClass.complaint

    package static func state(in tables: TableSet) -> ComplaintState { ComplaintState(in: tables) }

    package static func reduce(_ state: ComplaintState, _ fold: Fold, _ event: Event) {
        let data = event.data
        let id = data.text("complaintId")
        switch fold {
        case .opened: state.complaints[id] = Complaint(opened: data, at: event.recordedTime)
        case .escalated: state.complaints.update(id) { $0.pass(data) }
        case .closed: state.complaints.update(id) { $0.close(data) }
        case .frozen:
            state.complaints.update(id) {
                $0.status = .frozen
                $0.left = data.text("left")
            }
        case .resumed: state.complaints.update(id) { $0.resume(data) }
        case .fined: state.complaints.update(id) { $0.fined += data.amount("amount") }
        }
    }
}

extension Complaint {
    fileprivate init(opened data: View, at time: Instant) {
        id = data.text("complaintId")
        orderId = data.text("orderId")
        buyerId = data.text("buyerId")
        sellerId = data.text("sellerId")
        openedAt = time
        pass(data)
    }

    /// Hands the complaint to a tier.
    fileprivate mutating func pass(_ data: View) {
        tier = data.text("tier")
        franchiseId = data["franchiseId"]?.string
        deadline = data.instant("deadline") ?? deadline
    }

    /// An override may close it a second time: the last outcome stands.
    fileprivate mutating func close(_ data: View) {
        status = .closed
        left = nil
        outcome = data.text("outcome")
        refundAmount = data.amount("refundAmount")
    }

    fileprivate mutating func resume(_ data: View) {
        status = .open
        left = nil
        deadline = data.instant("deadline") ?? deadline
    }
}
