package import AgentKit

/// Folds areas, franchises and their owners, income and service of the franchises.
package enum FranchiseAgent: Agent {
    package static let name = "franchise"
    package static let agentClass = AgentClass.standing

    package static func state(in tables: TableSet) -> FranchiseState { FranchiseState(in: tables) }

    package static func functions(_ state: FranchiseState) -> [Function] {
        [franchiseFor(state), performance(state), areasAbove(state), franchisesAbove(state)]
    }

    package static func reduce(_ state: FranchiseState, _ fold: Fold, _ entry: Event) {
        switch fold {
        case .areaRecorded(let event):
            state.areas.upsert(event.area) {
                $0.id = event.area
                $0.parent = event.parent
            }
        case .franchiseRecorded(let event): state.register(event)
        case .areaSaleAccepted(let event): state.open(Sale(event))
        case .areaSaleRefused(let event): state.end(sale: event.saleId, .refused)
        case .ownershipChanged(let event):
            state.end(sale: event.saleId, .completed)
            state.franchises.update(event.franchiseId) {
                $0.ownerId = event.to
                $0.isSold = true
            }
        case .orderAccepted(let event): state.fold(event)
        case .complaintOpened(let event): state.open(complaint: event.complaintId, with: event.franchiseId)
        case .complaintEscalated(let event): state.hand(complaint: event.complaintId, to: event.franchiseId)
        case .complaintClosed(let event): state.fold(event)
        case .fineImposed(let event): state.fold(event)
        case .fineReversed(let event): state.fold(event)
        case .transferPosted(let event): state.fold(event)
        case .settlementIssued(let event): state.fold(event)
        case .scheduleDaily: state.foldMidnight()
        }
    }
}

extension Sale {
    fileprivate init(_ event: AreaSaleAccepted) {
        id = event.saleId
        franchiseId = event.franchiseId
        buyerId = event.buyerId
        price = Amount(event.price)
        currency = event.currency
    }
}

extension Franchise {
    /// Records a franchise; what happened to it since it was first recorded stays.
    fileprivate mutating func register(_ event: FranchiseRecorded) {
        id = event.franchiseId
        tier = event.tier
        area = event.area
        ownerId = event.ownerId
        parentId = event.parentId
    }
}

extension FranchiseState {
    /// Recorded again, it moves to the end of the line of its new area and tier.
    fileprivate func register(_ event: FranchiseRecorded) {
        let id = event.franchiseId
        let seat = Seat.key(event.area, event.tier)
        if let before = franchises[id] {
            let earlier = Seat.key(before.area, before.tier)
            if earlier != seat { seats.update(earlier) { $0.franchiseIds.removeAll { $0 == id } } }
        }
        franchises.upsert(id) { $0.register(event) }
        seats.upsert(seat) { if !$0.franchiseIds.contains(id) { $0.franchiseIds.append(id) } }
    }

    fileprivate func open(_ sale: Sale) {
        sales[sale.id] = sale
        franchises.update(sale.franchiseId) { $0.saleId = sale.id }
    }

    /// A sale that was refused before it was accepted has no entry.
    fileprivate func end(sale id: String, _ status: SaleStatus) {
        guard let sale = sales[id], sale.status == .accepted || sale.status == .paid else { return }
        sales.update(id) { $0.status = status }
        franchises.update(sale.franchiseId) { if $0.saleId == id { $0.saleId = nil } }
    }
}
