package import AgentKit

/// Folds areas, franchises and their owners.
package enum FranchiseAgent: Agent {
    package enum Fold: String, CaseIterable, Sendable {
        case areaRegistered = "area.registered"
        case franchiseRegistered = "franchise.registered"
        case ownershipChanged = "ownership.changed"
    }

    package static let name = "franchise"
    package static let agentClass = AgentClass.standing

    package static func state(in tables: TableSet) -> FranchiseState { FranchiseState(in: tables) }

    package static func functions(_ state: FranchiseState) -> [Function] { [franchiseFor(state)] }

    package static func reduce(_ state: FranchiseState, _ fold: Fold, _ event: Event) {
        let data = event.data
        switch fold {
        case .areaRegistered:
            state.areas.upsert(data.text("area")) {
                $0.id = data.text("area")
                $0.parent = data["parent"]?.string
            }
        case .franchiseRegistered: state.register(Franchise(data))
        case .ownershipChanged:
            state.franchises.update(data.text("franchiseId")) { $0.ownerId = data.text("to") }
        }
    }
}

extension Franchise {
    fileprivate init(_ data: View) {
        id = data.text("franchiseId")
        tier = data.text("tier")
        area = data.text("area")
        ownerId = data.text("ownerId")
        parentId = data["parentId"]?.string
    }
}

extension FranchiseState {
    /// Registering again moves the franchise to the end of the line of its new area and tier.
    fileprivate func register(_ franchise: Franchise) {
        let seat = Seat.key(franchise.area, franchise.tier)
        if let before = franchises[franchise.id] {
            let earlier = Seat.key(before.area, before.tier)
            if earlier != seat { seats.update(earlier) { $0.franchiseIds.removeAll { $0 == franchise.id } } }
        }
        franchises[franchise.id] = franchise
        seats.upsert(seat) { if !$0.franchiseIds.contains(franchise.id) { $0.franchiseIds.append(franchise.id) } }
    }
}
