package import AgentKit

/// Folds registrations, the decisions on levels and trust, and the ledger's own records of each person.
package enum VerificationAgent: Agent {
    package static let name = "verification"
    package static let agentClass = AgentClass.standing

    package static func state(in tables: TableSet) -> VerificationState { VerificationState(in: tables) }

    package static func reduce(_ state: VerificationState, _ fold: Fold, _ entry: Event) {
        let time = entry.recordedTime
        let day = TradeDay.number(of: time)
        switch fold {
        case .userRecorded(let event): state.register(event, at: time)
        case .verificationRequested(let event): state.request(event)
        case .verificationApproved(let event): state.approve(event)
        case .verificationSuggested(let event): state.verifications[event.requestId] = nil
        case .verificationBlocked(let event): state.verifications[event.requestId] = nil
        case .verificationReviewRequired(let event): state.verifications[event.requestId] = nil
        case .levelChanged(let event): state.changeLevel(event, at: time)
        case .levelExpired(let event): state.users.update(event.userId) { $0.isExpired = true }
        case .trustChanged(let event): state.users.update(event.userId) { $0.trustScore = event.to }
        case .orderAccepted(let event): state.open(Trade(event, at: time), Trade.key(order: event.orderId))
        case .orderProcessing(let event): state.count(order: event.orderId, on: day)
        case .orderDispatchRecorded(let event):
            state.dispatch(Trade.key(order: event.orderId), with: event.riderId)
        case .orderSettled(let event): state.end(Trade.key(order: event.orderId), .turning(.settled))
        case .orderRefunded(let event): state.refund(Trade.key(order: event.orderId))
        case .orderCancellationAccepted(let event):
            state.end(Trade.key(order: event.orderId), .cancelled(by: event.by == "timer" ? "seller" : event.by))
        case .orderExpired(let event):
            state.end(
                Trade.key(order: event.orderId), event.reason == "cash" ? .withoutCount : .cancelled(by: "buyer"))
        case .orderRatingRecorded(let event):
            state.standings.upsert(event.sellerId) {
                $0.stars += event.stars
                $0.ratings += 1
            }
        case .complaintOpened(let event): state.openComplaint(event, on: day)
        case .complaintClosed(let event): state.closeComplaint(event)
        case .serviceRecorded(let event):
            state.serviceProviders[event.serviceId] = Owner(userId: event.providerId)
        case .serviceAccepted(let event):
            let provider = state.serviceProviders[event.serviceId]?.userId
            state.open(Trade(event, of: provider, at: time), Trade.key(service: event.requestId))
        case .serviceRefused(let event): state.end(Trade.key(service: event.requestId), .withoutCount)
        case .licenseGranted(let event): state.count(event, on: day)
        case .serviceSettled(let event): state.end(Trade.key(service: event.requestId), .withoutCount)
        case .serviceRefunded(let event): state.end(Trade.key(service: event.requestId), .withoutCount)
        case .debtRecorded(let event):
            if event.party == "user" { state.open(debt: event.debtId, of: event.partyId, Amount(event.amount)) }
        case .debtCollected(let event): state.lower(debt: event.debtId, to: Amount(event.remaining))
        case .debtCancelled(let event): state.cancel(debt: event.debtId, Amount(event.amount))
        case .coinsLocked(let event): state.lock(event)
        case .coinsUnlocked(let event): state.unlock(event.lockId)
        case .franchiseRecorded(let event): state.own(event.franchiseId, event.ownerId)
        case .ownershipChanged(let event): state.own(event.franchiseId, event.to)
        }
    }
}

extension VerificationState {
    /// Later registrations move the person or change the tags, as far as they name them; level and trust have their own
    /// decisions from then on.
    fileprivate func register(_ event: UserRecorded, at time: Instant) {
        let id = event.userId
        guard users.contains(id) else { return users[id] = User(event, at: time) }
        users.update(id) {
            $0.area = event.area
            if event.data["tags"] != nil { $0.tags = event.tags }
        }
    }

    fileprivate func request(_ event: VerificationRequested) {
        verifications[event.requestId] = Request(event)
        var failed: Int64 = 0
        event.tests?.forEachMember { _, isPassed in if isPassed.bool == false { failed += 1 } }
        if failed > 0 { users.update(event.userId) { $0.failedTests += failed } }
    }

    /// Approved documents take the place of those before; an approval of the level alone keeps them.
    fileprivate func approve(_ event: VerificationApproved) {
        verifications[event.requestId] = nil
        users.update(event.userId) { user in
            user.isKnown = true
            if event.documents.count > 0 {
                user.documentsUntil = event.documents.compactMap(\.expires).min()
            }
            guard event.kind == "upgrade" else { return }
            user.isExpired = false
            user.failedTests = 0
            user.validUntil = event.validUntil
        }
    }

    fileprivate func changeLevel(_ event: LevelChanged, at time: Instant) {
        users.update(event.userId) {
            $0.level = event.to
            $0.failedTests = 0
            if event.reason == "complaint_ratio" { $0.loweredAt = time }
        }
    }
}

extension User {
    fileprivate init(_ event: UserRecorded, at time: Instant) {
        id = event.userId
        role = event.role
        area = event.area
        referredBy = event.referredBy
        tags = event.tags
        registeredAt = time
        if let given = event.level { level = given }
        if let given = event.trustScore { trustScore = given }
    }
}

extension Request {
    fileprivate init(_ event: VerificationRequested) {
        userId = event.userId
        kind = event.kind
        targetLevel = event.targetLevel
        for submitted in event.documents {
            var document = SubmittedDocument()
            document.type = submitted.type
            document.expires = submitted.expires
            documents.append(document)
        }
        event.tests?.forEachMember { name, isPassed in if isPassed.bool == true { passed.append(name) } }
    }
}
