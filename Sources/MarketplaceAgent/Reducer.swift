package import AgentKit

/// Folds AI services, requests and licenses.
package enum MarketplaceAgent: Agent {
    package static let name = "marketplace"
    package static let agentClass = AgentClass.standing

    package static func state(in tables: TableSet) -> MarketplaceState { MarketplaceState(in: tables) }

    package static func reduce(_ state: MarketplaceState, _ fold: Fold, _ entry: Event) {
        func request(_ id: String, _ change: (inout ServiceRequest) -> Void) { state.requests.update(id, change) }
        switch fold {
        case .serviceRecorded(let event): state.services.upsert(event.serviceId) { $0.register(event) }
        case .serviceAvailabilityChanged(let event):
            state.services.update(event.serviceId) { $0.isAvailable = event.available }
        case .serviceAccepted(let event): state.requests[event.requestId] = ServiceRequest(event)
        case .serviceRefused(let event): request(event.requestId) { $0.status = .refused }
        case .serviceSettled(let event):
            request(event.requestId) { $0.status = .settled }
            state.noteFee(of: event.requestId)
        case .serviceDeliveryRecorded(let event):
            request(event.requestId) {
                $0.status = .delivered
                $0.deliveredAt = entry.recordedTime
                $0.releaseAt = event.releaseAt
            }
        case .serviceRefunded(let event): request(event.requestId) { $0.refund(Amount(event.amount)) }
        case .transferPosted(let event):
            // An amount that the user gave back, or now owes, no longer counts as refunded.
            guard event.purpose == "service.return" else { return }
            let returned = event.transfers.reduce(Amount.zero) { $0 + Amount($1.amount) }
            request(event.reference) { $0.refunded -= min($0.refunded, returned) }
        case .licenseGranted(let event):
            state.grant(License(event))
            request(event.requestId) {
                $0.status = .licensed
                $0.licenseId = event.licenseId
                $0.licensedAt = entry.recordedTime
            }
        case .licenseExpired(let event): state.end(event.licenseId, .expired)
        case .licenseRevoked(let event): state.end(event.licenseId, .revoked)
        case .callRecorded(let event): state.licenses.update(event.licenseId) { $0.callsLeft = event.remaining }
        case .complaintOpened(let event):
            guard let id = event.requestId else { return }
            request(id) {
                $0.complaintId = event.complaintId
                $0.hasOpenComplaint = true
            }
        case .complaintClosed(let event):
            guard let id = event.requestId else { return }
            request(id) { $0.closeComplaint(event) }
        case .qualityScored(let event):
            guard let id = event.requestId else { return }
            request(id) { $0.isReported = true }
        }
    }
}

extension MarketplaceState {
    fileprivate func noteFee(of requestId: String) {
        guard let request = requests[requestId] else { return }
        let fee = request.amount - request.refunded
        services.update(request.serviceId) { if $0.currency == request.currency { $0.add(fee: fee) } }
    }

    fileprivate func grant(_ license: License) {
        licenses[license.id] = license
        openLicenses.upsert(OpenLicense.key(license.userId, license.serviceId)) { $0.licenseId = license.id }
    }

    fileprivate func end(_ id: String, _ status: LicenseStatus) {
        guard let license = licenses[id] else { return }
        licenses.update(id) { $0.status = status }
        let key = OpenLicense.key(license.userId, license.serviceId)
        if openLicenses[key]?.licenseId == id { openLicenses[key] = nil }
    }
}

extension Service {
    /// Applies a registration. One that names no tags keeps those before; a change of currency drops the fees.
    fileprivate mutating func register(_ event: ServiceRecorded) {
        id = event.serviceId
        providerId = event.providerId
        modelOwnerId = event.modelOwnerId
        title = event.title
        price = Amount(event.price)
        if currency != event.currency {
            fees = []
            feeSum = .zero
        }
        currency = event.currency
        let license = event.license
        licenseKind = license.kind
        licenseCalls = license.calls
        licenseDays = license.days
        requiredLevel = event.requiredLevel
        isAvailable = event.available
        if event.data["tags"] != nil { tags = event.tags }
        validatorIds = event.validatorIds
    }

    fileprivate mutating func add(fee: Amount) {
        if fees.count == Self.feesMax { feeSum -= fees.removeFirst() }
        fees.append(fee)
        feeSum += fee
    }
}

extension ServiceRequest {
    fileprivate init(_ event: ServiceAccepted) {
        id = event.requestId
        serviceId = event.serviceId
        userId = event.userId
        amount = Amount(event.amount)
        currency = event.currency
    }

    /// Adds a refund. After a part of what is held, or a partial complaint, the request goes on with the rest; a refund
    /// of zero, where nothing was held, ends it.
    fileprivate mutating func refund(_ part: Amount) {
        refunded += part
        let isPart = status == .settled ? complaintOutcome == "partial" : part > .zero
        if !isPart || refunded >= amount { status = .refunded }
    }

    fileprivate mutating func closeComplaint(_ event: ComplaintClosed) {
        guard complaintId == event.complaintId else { return }
        hasOpenComplaint = false
        complaintOutcome = event.outcome
        complaintRefund = Amount(event.refundAmount)
    }
}

extension License {
    fileprivate init(_ event: LicenseGranted) {
        id = event.licenseId
        requestId = event.requestId
        serviceId = event.serviceId
        userId = event.userId
        callsLeft = event.calls
        expires = event.expires
    }
}
