package import AgentKit

/// Folds AI services, requests and licenses.
package enum MarketplaceAgent: Agent {
    package enum Fold: String, CaseIterable, Sendable {
        case registered = "service.registered"
        case availabilityChanged = "service.availability.changed"
        case accepted = "service.accepted"
        case refused = "service.refused"
        case settled = "service.settled"
        case refunded = "service.refunded"
        case licenseGranted = "license.granted"
        case licenseExpired = "license.expired"
        case licenseRevoked = "license.revoked"
        case callRecorded = "call.recorded"
    }

    package static let name = "marketplace"
    package static let agentClass = AgentClass.standing

    package static func state(in tables: TableSet) -> MarketplaceState { MarketplaceState(in: tables) }

    package static func reduce(_ state: MarketplaceState, _ fold: Fold, _ event: Event) {
        let data = event.data
        func request(_ change: (inout ServiceRequest) -> Void) { state.requests.update(data.text("requestId"), change) }
        switch fold {
        case .registered: state.services.upsert(data.text("serviceId")) { $0.register(data) }
        case .availabilityChanged:
            state.services.update(data.text("serviceId")) { $0.isAvailable = data["available"]?.bool ?? false }
        case .accepted: state.requests[data.text("requestId")] = ServiceRequest(accepted: data)
        case .refused: request { $0.status = .refused }
        case .settled:
            request { $0.status = .settled }
            state.noteFee(of: data.text("requestId"))
        case .refunded: request { $0.status = .refunded }
        case .licenseGranted:
            state.grant(License(granted: data))
            request {
                $0.status = .licensed
                $0.licenseId = data.text("licenseId")
            }
        case .licenseExpired: state.end(data.text("licenseId"), .expired)
        case .licenseRevoked: state.end(data.text("licenseId"), .revoked)
        case .callRecorded: state.licenses.update(data.text("licenseId")) { $0.callsLeft = data["remaining"]?.int }
        }
    }
}

extension MarketplaceState {
    fileprivate func noteFee(of requestId: String) {
        guard let request = requests[requestId] else { return }
        services.update(request.serviceId) { if $0.currency == request.currency { $0.add(fee: request.amount) } }
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
    /// Registering again updates the entry; fees in another currency are forgotten.
    fileprivate mutating func register(_ data: View) {
        id = data.text("serviceId")
        providerId = data.text("providerId")
        modelOwnerId = data["modelOwnerId"]?.string
        title = data.text("title")
        price = data.amount("price")
        if currency != data.text("currency") {
            fees = []
            feeSum = .zero
        }
        currency = data.text("currency")
        let license = data["license"]
        licenseKind = license?.text("kind") ?? ""
        licenseCalls = license?["calls"]?.int
        licenseDays = license?["days"]?.int
        requiredLevel = data.text("requiredLevel")
        isAvailable = data["available"]?.bool ?? false
        tags = data.texts("tags")
        validatorIds = data.texts("validatorIds")
    }

    fileprivate mutating func add(fee: Amount) {
        if fees.count == Self.feesMax { feeSum -= fees.removeFirst() }
        fees.append(fee)
        feeSum += fee
    }
}

extension ServiceRequest {
    fileprivate init(accepted data: View) {
        id = data.text("requestId")
        serviceId = data.text("serviceId")
        userId = data.text("userId")
        amount = data.amount("amount")
        currency = data.text("currency")
    }
}

extension License {
    fileprivate init(granted data: View) {
        id = data.text("licenseId")
        requestId = data.text("requestId")
        serviceId = data.text("serviceId")
        userId = data.text("userId")
        callsLeft = data["calls"]?.int
        expires = data.instant("expires")
    }
}
