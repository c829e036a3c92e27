package import AgentKit

/// The environment that the program which loads a rule set offers to its rules.
package struct RuleHost {
    /// An agent that may have a rule file.
    package struct AgentEntry: Sendable, Hashable {
        package let name: String
        package let agentClass: AgentClass

        package init(name: String, agentClass: AgentClass) {
            self.name = name
            self.agentClass = agentClass
        }
    }

    /// The tables rules can read; those that are no projections are left out.
    package let projections: [AnyTable]
    /// The functions that rules may call beside the language's own, `money` and `basisPoints`.
    package let functions: [Function]
    package let agents: [AgentEntry]
    /// The members of events that the program's reducers read.
    package let readings: [AgentReadings]
    /// The declared tables whose rows the rule set finds when it comes into force.
    package var kept: [KeptTable] = []
    /// SHA-256 of bytes in lower-case hex.
    package let digest: @Sendable ([UInt8]) -> String

    package init(
        projections: [AnyTable], functions: [Function], agents: [AgentEntry], readings: [AgentReadings] = [],
        digest: @escaping @Sendable ([UInt8]) -> String
    ) {
        self.projections = projections
        self.functions = functions
        self.agents = agents
        self.readings = readings
        self.digest = digest
    }
}

/// A declared table whose rows the next rule set finds.
package struct KeptTable: Sendable, Hashable {
    package let name: String
    package let shape: TableShape

    package init(name: String, shape: TableShape) {
        self.name = name
        self.shape = shape
    }
}
