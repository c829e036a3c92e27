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

extension AnalyticsState {
    /// Counts what was released and what the platform earned. Most transfers are payments and deposits: they are
    /// neither, and nothing more than their purpose is read.
    func fold(_ posted: TransferPosted) {
        let purpose = posted.purpose
        guard purpose != "payment", purpose != "deposit" else { return }
        let isRelease = purpose == "escrow.release" || purpose == "service.release"
        for transfer in posted.transfers {
            func count(_ amount: Int64, as figure: String) { add(amount, to: figure + transfer.currency) }
            let amount = transfer.amount
            if isRelease { count(amount, as: "turnover/") }
            if isOfFees(transfer.document, transfer.creditAccountNode) { count(amount, as: "fees/") }
            if isOfFees(transfer.document, transfer.debitAccountNode) { count(-amount, as: "fees/") }
        }
    }

    /// Returns true if a text is the account of the platform's fees in some currency.
    private func isOfFees(_ document: Document, _ node: UInt32) -> Bool {
        Field.hasPrefix(document, node, "platform/fees/")
    }
}

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
