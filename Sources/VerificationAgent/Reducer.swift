package import AgentKit

/// Folds registrations, the decisions on levels and trust, and what the ledger itself sees of each person.
package enum VerificationAgent: Agent {
    package enum Fold: String, CaseIterable, Sendable {
        case registered = "user.registered"
        // It is always answered and never refused; what it asks is kept until then.
        case requested = "verification.requested"
        case approved = "verification.approved"
        case suggested = "verification.suggested"
        case blocked = "verification.blocked"
        case reviewRequired = "verification.review.required"
        case levelChanged = "level.changed"
        case levelExpired = "level.expired"
        case trustChanged = "trust.changed"
        case orderAccepted = "order.accepted"
        case orderProcessing = "order.processing"
        case orderSettled = "order.settled"
        case orderCancelled = "order.cancellation.accepted"
        case orderExpired = "order.expired"
        case orderRated = "order.rating.recorded"
        case complaintOpened = "complaint.opened"
        case complaintClosed = "complaint.closed"
        case serviceAccepted = "service.accepted"
        case serviceSettled = "service.settled"
        case serviceRefunded = "service.refunded"
        case debtRecorded = "debt.recorded"
        case debtCollected = "debt.collected"
        case coinsLocked = "coins.locked"
        case coinsUnlocked = "coins.unlocked"
        case franchiseRegistered = "franchise.registered"
        case ownershipChanged = "ownership.changed"
    }

    package static let name = "verification"
    package static let agentClass = AgentClass.standing

    package static func state(in tables: TableSet) -> VerificationState { VerificationState(in: tables) }

    package static func reduce(_ state: VerificationState, _ fold: Fold, _ event: Event) {
        let data = event.data
        switch fold {
        case .registered: state.register(data, at: event.recordedTime)
        case .requested: state.request(data)
        case .approved: state.approve(data)
        case .suggested, .blocked, .reviewRequired: state.verifications[data.text("requestId")] = nil
        case .levelChanged: state.changeLevel(data, at: event.recordedTime)
        case .levelExpired: state.users.update(data.text("userId")) { $0.isExpired = true }
        case .trustChanged: state.users.update(data.text("userId")) { $0.trustScore = data.integer("to") }
        case .orderAccepted:
            state.open(Trade(order: data, at: event.recordedTime), Trade.key(order: data.text("orderId")))
        case .orderProcessing: state.countOrder(data.text("orderId"), on: TradeDay.number(of: event.recordedTime))
        case .orderSettled: state.end(Trade.key(order: data.text("orderId")), .settled)
        case .orderCancelled:
            state.end(Trade.key(order: data.text("orderId")), .cancelled(by: data.text("by")))
        case .orderExpired: state.end(Trade.key(order: data.text("orderId")), .cancelled(by: "buyer"))
        case .orderRated:
            state.standings.upsert(data.text("sellerId")) {
                $0.stars += data.integer("stars")
                $0.ratings += 1
            }
        case .complaintOpened: state.openComplaint(data, on: TradeDay.number(of: event.recordedTime))
        case .complaintClosed: state.closeComplaint(data)
        case .serviceAccepted:
            state.open(Trade(service: data, at: event.recordedTime), Trade.key(service: data.text("requestId")))
        case .serviceSettled, .serviceRefunded:
            state.end(Trade.key(service: data.text("requestId")), .withoutCount)
        case .debtRecorded: state.countDebt(data, 1)
        case .debtCollected: if data.integer("remaining") == 0 { state.countDebt(data, -1) }
        case .coinsLocked: state.lock(data)
        case .coinsUnlocked: state.unlock(data.text("lockId"))
        case .franchiseRegistered: state.own(data.text("franchiseId"), data.text("ownerId"))
        case .ownershipChanged: state.own(data.text("franchiseId"), data.text("to"))
        }
    }
}

extension VerificationState {
    fileprivate func register(_ data: View, at time: Instant) {
        let id = data.text("userId")
        let isNew = !users.contains(id)
        users.upsert(id) { $0.register(data, at: isNew ? time : $0.registeredAt) }
    }

    fileprivate func request(_ data: View) {
        verifications[data.text("requestId")] = Request(data)
        var failed: Int64 = 0
        data["tests"]?.forEachMember { _, isPassed in if isPassed.bool == false { failed += 1 } }
        if failed > 0 { users.update(data.text("userId")) { $0.failedTests += failed } }
    }

    /// Approved documents take the place of those before; an approval of the level alone keeps them.
    fileprivate func approve(_ data: View) {
        verifications[data.text("requestId")] = nil
        users.update(data.text("userId")) { user in
            user.isKnown = true
            if let documents = data["documents"], documents.count > 0 {
                user.documentsUntil = nil
                documents.forEachElement { document in
                    guard let expires = document.instant("expires") else { return }
                    user.documentsUntil = min(user.documentsUntil ?? expires, expires)
                }
            }
            guard data["kind"]?.isString("upgrade") == true else { return }
            user.isExpired = false
            user.failedTests = 0
            user.validUntil = data.instant("validUntil")
        }
    }

    fileprivate func changeLevel(_ data: View, at time: Instant) {
        users.update(data.text("userId")) {
            $0.level = data.text("to")
            $0.failedTests = 0
            if data["reason"]?.isString("complaint_ratio") == true { $0.loweredAt = time }
        }
    }
}

extension User {
    /// Registering again updates the entry; level and trust stay where the event does not name them.
    fileprivate mutating func register(_ data: View, at time: Instant) {
        id = data.text("userId")
        role = data.text("role")
        area = data.text("area")
        referredBy = data["referredBy"]?.string
        tags = data.texts("tags")
        registeredAt = time
        if let given = data["level"]?.string { level = given }
        if let given = data["trustScore"]?.int { trustScore = given }
    }
}

extension Request {
    fileprivate init(_ data: View) {
        userId = data.text("userId")
        kind = data.text("kind")
        targetLevel = data["targetLevel"]?.string
        data["documents"]?.forEachElement { view in
            var document = SubmittedDocument()
            document.type = view.text("type")
            document.expires = view.instant("expires")
            documents.append(document)
        }
        data["tests"]?.forEachMember { name, isPassed in if isPassed.bool == true { passed.append(name) } }
    }
}
