package import AgentKit

/// Folds areas, franchises and their owners, what the franchises earn and how well they serve.
package enum FranchiseAgent: Agent {
    package enum Fold: String, CaseIterable, Sendable {
        case areaRegistered = "area.registered"
        case franchiseRegistered = "franchise.registered"
        case saleAccepted = "area.sale.accepted"
        case saleRefused = "area.sale.refused"
        case ownershipChanged = "ownership.changed"
        case orderAccepted = "order.accepted"
        case complaintOpened = "complaint.opened"
        case complaintEscalated = "complaint.escalated"
        case complaintClosed = "complaint.closed"
        case fined = "fine.imposed"
        case transferPosted = "transfer.posted"
        case settled = "settlement.issued"
        case daily = "schedule.daily"
    }

    package static let name = "franchise"
    package static let agentClass = AgentClass.standing

    package static func state(in tables: TableSet) -> FranchiseState { FranchiseState(in: tables) }

    package static func functions(_ state: FranchiseState) -> [Function] { [franchiseFor(state), performance(state)] }

    package static func reduce(_ state: FranchiseState, _ fold: Fold, _ event: Event) {
        let data = event.data
        switch fold {
        case .areaRegistered:
            state.areas.upsert(data.text("area")) {
                $0.id = data.text("area")
                $0.parent = data["parent"]?.string
            }
        case .franchiseRegistered: state.register(data)
        case .saleAccepted: state.open(Sale(accepted: data))
        case .saleRefused: state.end(data, .refused)
        case .ownershipChanged:
            state.end(data, .completed)
            state.franchises.update(data.text("franchiseId")) {
                $0.ownerId = data.text("to")
                $0.isSold = true
            }
        case .orderAccepted: state.fold(ordered: data)
        case .complaintOpened, .complaintEscalated: state.fold(complaint: data)
        case .complaintClosed: state.fold(complaintClosed: data)
        case .fined: state.fold(fined: data)
        case .transferPosted: state.fold(posted: data)
        case .settled: state.fold(settled: data)
        case .daily: state.foldMidnight()
        }
    }
}

extension Sale {
    fileprivate init(accepted data: View) {
        id = data.text("saleId")
        franchiseId = data.text("franchiseId")
        buyerId = data.text("buyerId")
        price = data.amount("price")
        currency = data.text("currency")
    }
}

extension Franchise {
    /// Registering again updates the entry; what happened to the franchise since stays.
    fileprivate mutating func register(_ data: View) {
        id = data.text("franchiseId")
        tier = data.text("tier")
        area = data.text("area")
        ownerId = data.text("ownerId")
        parentId = data["parentId"]?.string
    }
}

extension FranchiseState {
    /// Registering again moves the franchise to the end of the line of its new area and tier.
    fileprivate func register(_ data: View) {
        let id = data.text("franchiseId")
        let seat = Seat.key(data.text("area"), data.text("tier"))
        if let before = franchises[id] {
            let earlier = Seat.key(before.area, before.tier)
            if earlier != seat { seats.update(earlier) { $0.franchiseIds.removeAll { $0 == id } } }
        }
        franchises.upsert(id) { $0.register(data) }
        seats.upsert(seat) { if !$0.franchiseIds.contains(id) { $0.franchiseIds.append(id) } }
    }

    fileprivate func open(_ sale: Sale) {
        sales[sale.id] = sale
        franchises.update(sale.franchiseId) { $0.saleId = sale.id }
    }

    /// A sale that was refused before it was accepted has no entry.
    fileprivate func end(_ data: View, _ status: SaleStatus) {
        let id = data.text("saleId")
        guard let sale = sales[id], sale.status == .accepted || sale.status == .paid else { return }
        sales.update(id) { $0.status = status }
        franchises.update(sale.franchiseId) { if $0.saleId == id { $0.saleId = nil } }
    }
}
