package import AgentKit
import Rules

/// Calls beside appending: rule sets, and the clock.
extension Sequencer {
    /// Records a rule set and puts it in force, between two requests. One in error is refused and the one in force stays.
    /// - Throws: a rule set error with every diagnostic, or a problem.
    package func activate(_ request: ActivationRequest) async throws -> RuleSetActivation {
        _ = try await check(request)
        return try await withCheckedContinuation { continuation in
            mailbox.post(.ruleSets { continuation.resume(returning: $0.activate(request)) })
        }.get()
    }

    /// Takes back the schedule that an activation made, between two requests.
    /// - Throws: a problem, where it is not one or has ended.
    package func cancelSchedule(_ activated: EntrySequence, principal: String) async throws -> RuleSetCancellation {
        try await withCheckedContinuation { continuation in
            mailbox.post(
                .ruleSets { continuation.resume(returning: $0.cancelSchedule(activated, principal: principal)) })
        }.get()
    }

    /// The rule sets as of now.
    package func ruleSets() async -> RuleSetOverview { await read(\.ruleSetsNow) }

    /// Checks that an activation would be made, its report of a simulation included, and returns the rule set's digest.
    /// - Throws: as `activate`.
    package func checkActivation(_ request: ActivationRequest) async throws -> String {
        let digest = try await check(request)
        try await withCheckedContinuation { continuation in
            mailbox.post(.ruleSets { continuation.resume(returning: $0.checkSimulation(of: digest, request)) })
        }.get()
        return digest
    }

    /// Checks that a rule set could be put in force, and returns its digest.
    /// - Throws: a rule set error with every diagnostic, or a problem.
    package func check(_ request: ActivationRequest) async throws -> String {
        let files: [RuleFile]
        switch request.source {
        case .files(let given): files = given
        case .recorded(let digest):
            guard let recorded = await read({ $0.ruleFiles(of: digest) }) else {
                throw Problem(.notFound, "the log holds no rule set `\(digest)`", pointer: "/digest")
            }
            files = recorded
        }
        let from = request.effectiveFrom
        let kept = try await read { machine in
            Result { () throws(Problem) in
                let now = machine.present(SystemTime.now)
                if let from { try machine.check(effectiveFrom: from, at: now) }
                return machine.keptTables(at: from ?? now)
            }
        }.get()
        let initial = DataDirectory.Initial(settings: settings, ruleFiles: files)
        let (digest, tables) = try { () throws(RuleSetError) in
            let ruleSet = try initial.checkRules(keeping: kept)
            return (ruleSet.digest, ruleSet.keptTables)
        }()
        let problem = await read { machine in
            machine.state.ruleSets.problem(keeping: tables, after: from ?? machine.present(SystemTime.now))
        }
        if let problem { throw Problem(.invalidEvent, problem) }
        return digest
    }

    /// Believes the system's clock as it is now: entries are recorded at its time from here on.
    /// - Throws: a problem where the ledger is on the events' clock.
    package func acceptClock() async throws(Problem) -> ClockAcceptance {
        guard settings.clock == .system else {
            throw Problem(.notFound, "the ledger is on the events' clock; there is no system clock to accept")
        }
        return await withCheckedContinuation { continuation in
            mailbox.post(.acceptClock { continuation.resume(returning: $0) })
        }
    }
}
