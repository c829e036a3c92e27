package import AgentKit

/// Folds the decisions on complaints.
package enum ComplaintAgent: Agent {
    package static let name = "complaint"
    package static let agentClass = AgentClass.complaint

    package static func state(in tables: TableSet) -> ComplaintState { ComplaintState(in: tables) }

    package static func reduce(_ state: ComplaintState, _ fold: Fold, _ entry: Event) {
        func complaint(_ id: String, _ change: (inout Complaint) -> Void) { state.complaints.update(id, change) }
        switch fold {
        case .complaintOpened(let event):
            state.complaints[event.complaintId] = Complaint(event, at: entry.recordedTime)
        case .complaintEscalated(let event):
            complaint(event.complaintId) { $0.pass(to: event.tier, event.franchiseId, until: event.deadline) }
        case .complaintClosed(let event):
            // One that names another order or request does not mean this complaint.
            complaint(event.complaintId) {
                if event.orderId == $0.orderId, event.requestId == $0.requestId { $0.close(event) }
            }
        case .complaintFrozen(let event):
            complaint(event.complaintId) {
                $0.status = .frozen
                $0.left = event.left
            }
        case .complaintResumed(let event): complaint(event.complaintId) { $0.resume(event) }
        case .fineImposed(let event):
            complaint(event.complaintId ?? "") { $0.fined += Amount(event.amount) }
        case .fineReversed(let event):
            complaint(event.complaintId ?? "") { $0.fined -= Amount(event.amount) }
        }
    }
}

extension Complaint {
    fileprivate init(_ event: ComplaintOpened, at time: Instant) {
        id = event.complaintId
        orderId = event.orderId
        requestId = event.requestId
        buyerId = event.buyerId
        sellerId = event.sellerId
        openedAt = time
        pass(to: event.tier, event.franchiseId, until: event.deadline)
    }

    /// Hands the complaint to a tier.
    fileprivate mutating func pass(to tier: String, _ franchise: String?, until end: Instant) {
        self.tier = tier
        franchiseId = franchise
        deadline = end
    }

    /// An override may close it a second time: the last outcome stands.
    fileprivate mutating func close(_ event: ComplaintClosed) {
        status = .closed
        left = nil
        outcome = event.outcome
        closedBy = event.by ?? "override"
        row = event.row
        refundAmount = Amount(event.refundAmount)
    }

    fileprivate mutating func resume(_ event: ComplaintResumed) {
        status = .open
        left = nil
        deadline = event.deadline
    }
}
