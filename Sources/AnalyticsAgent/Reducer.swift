package import AgentKit

/// Folds the running counters of reports.
package enum AnalyticsAgent: Agent {
    package enum Fold: String, CaseIterable, Sendable {
        case accepted = "order.accepted"
        case rejected = "order.rejected"
        case processing = "order.processing"
        case delivered = "order.delivery.recorded"
        case settled = "order.settled"
        case refunded = "order.refunded"
        case cancelled = "order.cancellation.accepted"
        case expired = "order.expired"
        case transferPosted = "transfer.posted"
        case fined = "fine.imposed"
        case complaintOpened = "complaint.opened"
        case complaintRefused = "complaint.refused"
        case complaintEscalated = "complaint.escalated"
        case complaintFrozen = "complaint.frozen"
        case complaintResumed = "complaint.resumed"
        case complaintClosed = "complaint.closed"
        case overridden = "admin.override"
        case userRegistered = "user.registered"
        case levelChanged = "level.changed"
        case daily = "schedule.daily"
        case weekly = "schedule.weekly"
        case monthly = "schedule.monthly"
        case issued = "report.issued"
    }

    package static let name = "analytics"
    package static let agentClass = AgentClass.analytics

    package static func state(in tables: TableSet) -> AnalyticsState { AnalyticsState(in: tables) }

    package static func reduce(_ state: AnalyticsState, _ fold: Fold, _ event: Event) {
        let data = event.data
        switch fold {
        case .accepted:
            state.add(1, to: "orders/accepted")
            state.rank("area", data.text("area"))
            state.rank("product", data.text("productId"))
        case .rejected: state.add(1, to: "orders/rejected")
        case .processing: state.add(1, to: "orders/processing")
        case .delivered: state.add(1, to: "orders/delivered")
        case .settled: state.end(order: data.text("orderId"), as: "settled")
        case .refunded: state.end(order: data.text("orderId"), as: "refunded")
        case .cancelled:
            let isByAdministrator = data["by"]?.isString("admin") ?? false
            state.end(order: data.text("orderId"), as: "cancelled", byAdministrator: isByAdministrator)
        case .expired: state.end(order: data.text("orderId"), as: "expired")
        case .transferPosted: state.fold(transfers: data)
        case .fined: state.add(data.integer("amount"), to: "fines/" + data.text("currency"))
        case .complaintOpened: state.add(1, to: "complaints/opened")
        case .complaintRefused: state.add(1, to: "complaints/refused")
        case .complaintEscalated: state.add(1, to: "complaints/escalated")
        case .complaintFrozen: state.add(1, to: "complaints/frozen")
        case .complaintResumed: state.complaints.upsert(data.text("complaintId")) { $0.isManual = true }
        case .complaintClosed: state.end(complaint: data, by: event.agent)
        case .overridden: state.fold(override: data)
        case .userRegistered: state.register(data)
        case .levelChanged: state.setLevel(of: data.text("userId"), data.text("to"))
        case .daily: state.close(.day, before: data.text("date"))
        case .weekly: state.close(.week, before: data.text("date"))
        case .monthly: state.close(.month, before: data.text("date"))
        case .issued: state.reports.update(data.text("period")) { $0.tell(data["agents"]) }
        }
    }
}

extension AnalyticsState {
    /// Registering again leaves the level where the event does not name one.
    fileprivate func register(_ data: View) {
        let user = data.text("userId")
        guard let level = data["level"]?.string ?? (levels.contains(user) ? nil : "free") else { return }
        setLevel(of: user, level)
    }
}
