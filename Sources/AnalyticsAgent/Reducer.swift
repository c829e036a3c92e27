package import AgentKit

/// Folds the running counters of reports.
package enum AnalyticsAgent: Agent {
    package static let name = "analytics"
    package static let agentClass = AgentClass.analytics

    package static func state(in tables: TableSet) -> AnalyticsState { AnalyticsState(in: tables) }

    package static func reduce(_ state: AnalyticsState, _ fold: Fold, _ entry: Event) {
        switch fold {
        case .orderAccepted(let event):
            state.add(1, to: "orders/accepted")
            state.rank("area", event.area)
            state.rank("product", event.productId)
        case .orderRejected: state.add(1, to: "orders/rejected")
        case .orderProcessing: state.add(1, to: "orders/processing")
        case .orderDeliveryRecorded: state.add(1, to: "orders/delivered")
        case .orderSettled(let event): state.end(order: event.orderId, as: "settled")
        case .orderRefunded(let event): state.end(order: event.orderId, as: "refunded")
        case .orderCancellationAccepted(let event):
            state.end(order: event.orderId, as: "cancelled", byAdministrator: event.by == "admin")
        case .orderExpired(let event): state.end(order: event.orderId, as: "expired")
        case .transferPosted(let event): state.fold(event)
        case .fineImposed(let event): state.add(event.amount, to: "fines/" + event.currency)
        case .complaintOpened: state.add(1, to: "complaints/opened")
        case .complaintRefused: state.add(1, to: "complaints/refused")
        case .complaintEscalated: state.add(1, to: "complaints/escalated")
        case .complaintFrozen: state.add(1, to: "complaints/frozen")
        case .complaintResumed(let event): state.complaints.upsert(event.complaintId) { $0.isManual = true }
        case .complaintClosed(let event): state.end(event, by: entry.agent)
        case .transferRequested(let event): if entry.rule == nil { state.handle(event) }
        case .userRecorded(let event): state.register(event)
        case .levelChanged(let event): state.setLevel(of: event.userId, event.to)
        case .scheduleDaily(let event): state.close(.day, before: event.date)
        case .scheduleWeekly(let event): state.close(.week, before: event.date)
        case .scheduleMonthly(let event): state.close(.month, before: event.date)
        case .reportIssued(let event): state.reports.update(event.period) { $0.tell(event) }
        }
    }
}

extension AnalyticsState {
    /// The level of who is known already changes by its own decisions.
    fileprivate func register(_ event: UserRecorded) {
        let user = event.userId
        if !levels.contains(user) { setLevel(of: user, event.level ?? "free") }
    }
}
