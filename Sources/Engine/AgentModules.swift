import AgentKit
import AnalyticsAgent
import CEL
import ComplaintAgent
import ComplianceAgent
import FranchiseAgent
import MarketplaceAgent
import OrderAgent
import QualityAgent
import RecommendationAgent
import Rules
import VerificationAgent
import WalletAgent

/// The ten agent modules of the ledger: the only place that lists them. Each entry is offered to the reducers that fold
/// its type and to no other.
final class AgentModules {
    /// Name and class of each agent, as the rules know it.
    static let agents: [(name: String, class: AgentClass)] = [
        describe(OrderAgent.self), describe(WalletAgent.self), describe(ComplaintAgent.self),
        describe(VerificationAgent.self), describe(FranchiseAgent.self), describe(RecommendationAgent.self),
        describe(MarketplaceAgent.self), describe(QualityAgent.self), describe(ComplianceAgent.self),
        describe(AnalyticsAgent.self),
    ]

    /// Members of events that the reducers read, the engine's first.
    static let readings: [AgentReadings] = [
        AgentReadings(reader: "engine", readings: EngineFold.readings + EngineFold.otherReadings),
        readings(OrderAgent.self), readings(WalletAgent.self), readings(ComplaintAgent.self),
        readings(VerificationAgent.self), readings(FranchiseAgent.self), readings(RecommendationAgent.self),
        readings(MarketplaceAgent.self), readings(QualityAgent.self), readings(ComplianceAgent.self),
        readings(AnalyticsAgent.self),
    ]

    private let agentModules: [AnyAgentModule]
    /// The reducers of each event type, by the type's index.
    private var folds: [[Fold]] = []

    private struct Fold {
        let module: AnyAgentModule
        let number: Int
    }

    init(in tables: TableSet) {
        agentModules = [
            AgentModule<OrderAgent>(in: tables), AgentModule<WalletAgent>(in: tables),
            AgentModule<ComplaintAgent>(in: tables),
            AgentModule<VerificationAgent>(in: tables), AgentModule<FranchiseAgent>(in: tables),
            AgentModule<RecommendationAgent>(in: tables), AgentModule<MarketplaceAgent>(in: tables),
            AgentModule<QualityAgent>(in: tables),
            AgentModule<ComplianceAgent>(in: tables), AgentModule<AnalyticsAgent>(in: tables),
        ]
    }

    /// Functions that the agent modules add to the rule language.
    var functions: [Function] { agentModules.flatMap(\.functions) }

    /// Learns which reducers fold which of a rule set's types.
    func prepare(for types: [EventType]) {
        folds = Array(repeating: [], count: types.count)
        for type in types {
            folds[type.index] = agentModules.compactMap { module in
                module.foldNumber(of: type.name).map { Fold(module: module, number: $0) }
            }
        }
    }

    func folds(_ type: EventType) -> Bool { !folds[type.index].isEmpty }

    func reduce(_ event: Event, _ type: EventType) {
        for fold in folds[type.index] { fold.module.reduce(fold.number, event) }
    }

    private static func readings<A: Agent>(_ agent: A.Type) -> AgentReadings {
        AgentReadings(reader: A.name, readings: A.Fold.readings + A.Fold.otherReadings)
    }

    private static func describe<A: Agent>(_ agent: A.Type) -> (name: String, class: AgentClass) {
        (A.name, A.agentClass)
    }
}

/// An agent module without its state's type.
private class AnyAgentModule {
    var functions: [Function] { [] }
    func foldNumber(of type: String) -> Int? { nil }
    func reduce(_ fold: Int, _ event: Event) {}
}

private final class AgentModule<A: Agent>: AnyAgentModule {
    private let state: A.State

    init(in tables: TableSet) { state = A.state(in: tables) }

    override var functions: [Function] { A.functions(state) }
    override func foldNumber(of type: String) -> Int? { A.Fold.number(of: type) }
    override func reduce(_ fold: Int, _ entry: Event) { A.reduce(state, A.Fold(fold, entry.data), entry) }
}
