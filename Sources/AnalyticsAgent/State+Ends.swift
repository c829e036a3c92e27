import AgentKit

extension AnalyticsState {
    func end(order id: String, as state: String, byAdministrator: Bool = false) {
        add(1, to: "orders/" + state)
        var trace = orders[id] ?? OrderTrace()
        trace.isManual = trace.isManual || byAdministrator
        let isEnd = !trace.isEnded && !(state == "refunded" && trace.isPartlyRefunded)
        if isEnd {
            trace.isEnded = true
            add(1, to: "ended/orders")
            if trace.isManual { add(1, to: "manual/orders") }
        }
        orders[id] = trace
    }

    /// A complaint that is closed by no agent was closed by an administrator.
    func end(_ closed: ComplaintClosed, by agent: String?) {
        let id = closed.complaintId
        let outcome = closed.outcome
        add(1, to: "complaints/" + outcome)
        var trace = complaints[id] ?? ComplaintTrace()
        if agent != "complaint" { trace.isManual = true }
        if !trace.isEnded {
            trace.isEnded = true
            add(1, to: "ended/complaints")
            if closed.by != "table" { add(1, to: "manual/complaints") }
        }
        complaints[id] = trace
        guard let order = closed.orderId else { return }
        orders.upsert(order) {
            if trace.isManual { $0.isManual = true }
            $0.isPartlyRefunded = outcome == "partial"
        }
    }

    /// An administrator moves money of an order, which may not have ended yet. What only waits to be approved moves none.
    func handle(_ requested: TransferRequested) {
        let reference = requested.reference
        if requested.purpose.hasPrefix("escrow.") || orders.contains(reference) {
            orders.upsert(reference) { $0.isManual = true }
        }
    }

    func setLevel(of user: String, _ level: String) {
        if let before = levels[user]?.level { add(-1, to: "users/" + before) }
        add(1, to: "users/" + level)
        levels.upsert(user) { $0.level = level }
    }
}
