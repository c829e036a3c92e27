package import AgentKit
import EventLog
package import Rules

extension Worker {
    /// Makes the changes of rule sets that were handed in meanwhile.
    func changeRuleSets() {
        let waiting = changes
        changes = []
        for change in waiting { change(self) }
    }

    /// Records a rule set with the files that the log lacks and puts it in force, in a commit of its own.
    func activate(_ request: ActivationRequest) -> Result<RuleSetActivation, Problem> {
        settle()
        do throws(Problem) {
            guard !machine.isEmpty else {
                throw Problem(
                    .unavailable, "the ledger has no entry yet: its first rule set is the one it was made with")
            }
            let now = machine.present(try present())
            let ruleSet = try load(request.source, from: request.effectiveFrom ?? now)
            if let from = request.effectiveFrom {
                try machine.check(effectiveFrom: from, at: now)
                let standing = machine.ruleSets(at: now).standing
                if let known = standing.first(where: { $0.digest == ruleSet.digest && $0.effectiveFrom == from }) {
                    return .success(activation(of: ruleSet, request, known.activated, checkpoint: nil))
                }
            } else if ruleSet.digest == machine.ruleSet(at: now)?.digest {
                return .success(activation(of: ruleSet, request, nil, checkpoint: nil))
            }
            if let problem = machine.state.ruleSets.problem(
                keeping: ruleSet.keptTables, after: request.effectiveFrom ?? now)
            {
                throw Problem(.invalidEvent, problem)
            }
            try RequiredSimulation(of: ruleSet.digest, log: ledger.log, machine: machine, at: now).check(
                request.simulation)
            try fire(by: now)
            settle()
            try machine.requireActivation(by: request.principal, at: now)
            machine.activate(
                ruleSet, at: now, by: request.principal, effectiveFrom: request.effectiveFrom,
                backtest: request.simulation.map(EntryChain.digest))
            let sequence = EntrySequence(machine.next.value - 1)
            let checkpoint = try commitAlone()
            return .success(activation(of: ruleSet, request, sequence, checkpoint: checkpoint))
        } catch {
            return .failure(error)
        }
    }

    /// Checks the report of a simulation that an activation needs, without making it.
    /// - Parameter digest: that of the rule set, which was checked.
    func checkSimulation(of digest: String, _ request: ActivationRequest) -> Result<Void, Problem> {
        settle()
        do throws(Problem) {
            guard !machine.isEmpty else { return .success(()) }
            let now = machine.present(try present())
            let isThere =
                request.effectiveFrom.map { from in
                    machine.ruleSets(at: now).standing.contains { $0.digest == digest && $0.effectiveFrom == from }
                } ?? (digest == machine.ruleSet(at: now)?.digest)
            if !isThere {
                try machine.requireActivation(by: request.principal, at: now)
                try RequiredSimulation(of: digest, log: ledger.log, machine: machine, at: now).check(request.simulation)
            }
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    private func activation(
        of ruleSet: RuleSet, _ request: ActivationRequest, _ sequence: EntrySequence?, checkpoint: String?
    ) -> RuleSetActivation {
        RuleSetActivation(
            digest: ruleSet.digest, sequence: sequence, effectiveFrom: request.effectiveFrom, checkpoint: checkpoint,
            schedules: machine.ruleSets().standing)
    }

    /// Records that a schedule is taken back, in a commit of its own.
    /// - Parameter sequence: the activation that made it.
    func cancelSchedule(_ sequence: EntrySequence, principal: String) -> Result<RuleSetCancellation, Problem> {
        settle()
        do throws(Problem) {
            let now = machine.present(try present())
            guard let schedule = machine.ruleSets(at: now).schedules.first(where: { $0.activated == sequence }) else {
                throw Problem(.notFound, "entry \(sequence.value) did not schedule a rule set")
            }
            switch schedule.status {
            case .scheduled: break
            case .cameIntoForce:
                throw Problem(
                    .scheduleOver,
                    "the rule set that entry \(sequence.value) scheduled came into force at \(schedule.effectiveFrom.text)"
                )
            case .cancelled:
                throw Problem(.scheduleOver, "the schedule of entry \(sequence.value) was cancelled already")
            }
            let kept = machine.state.ruleSets.ruleSet(at: schedule.effectiveFrom, without: sequence)?.keptTables ?? []
            if let problem = machine.state.ruleSets.problem(
                keeping: kept, after: schedule.effectiveFrom, without: sequence)
            {
                throw Problem(.invalidEvent, problem)
            }
            try fire(by: now)
            settle()
            try machine.requireActivation(by: principal, at: now)
            machine.cancel(schedule, at: now, by: principal)
            let entry = EntrySequence(machine.next.value - 1)
            let checkpoint = try commitAlone()
            return .success(
                RuleSetCancellation(
                    schedule: schedule, sequence: entry, checkpoint: checkpoint,
                    schedules: machine.ruleSets().standing))
        } catch {
            return .failure(error)
        }
    }

    private func load(_ source: ActivationRequest.Source, from time: Instant) throws(Problem) -> RuleSet {
        let files: [RuleFile]
        switch source {
        case .files(let given): files = given
        case .recorded(let digest):
            guard let recorded = machine.ruleFiles(of: digest) else {
                throw Problem(.notFound, "the log holds no rule set `\(digest)`", pointer: "/digest")
            }
            files = recorded
        }
        let host = machine.ruleHost(keeping: machine.keptTables(at: time))
        do throws(RuleSetError) { return try RuleSet.load(files: files, host: host, isNew: true) } catch {
            let first = error.diagnostics.first
            let place = first.map { $0.file.isEmpty ? "" : "\($0.file):\($0.line):\($0.column): " } ?? ""
            throw Problem(.invalidEvent, "the rule set is in error: \(place)\(first?.message ?? "")")
        }
    }
}

extension Machine {
    /// Refuses a time from which no entry could be decided otherwise: it has come.
    func check(effectiveFrom: Instant, at now: Instant) throws(Problem) {
        guard effectiveFrom <= now else { return }
        throw Problem(
            .clock, "`effectiveFrom` has passed: the ledger's time is \(now.text)", pointer: "/effectiveFrom")
    }
}

/// Rules to put in force: files, or the digest of a set that the log holds already.
package struct ActivationRequest: Sendable {
    package enum Source: Sendable {
        case files([RuleFile])
        case recorded(digest: String)
    }

    package let source: Source
    package let principal: String
    /// From when it is in force; nil is at once.
    package let effectiveFrom: Instant?
    /// The signed report of its simulation, where it brings one.
    package let simulation: [UInt8]?

    package init(
        _ source: Source, principal: String, effectiveFrom: Instant? = nil, simulation: [UInt8]? = nil
    ) {
        self.source = source
        self.principal = principal
        self.effectiveFrom = effectiveFrom
        self.simulation = simulation
    }
}

/// A rule set that was put in force, or will be.
package struct RuleSetActivation: Sendable {
    package let digest: String
    /// The `ruleset.activated` entry, also where it stood already; nil where the set was in force already.
    package let sequence: EntrySequence?
    package let effectiveFrom: Instant?
    /// The signed note that covers it; nil where nothing was appended.
    package let checkpoint: String?
    /// The schedules that stand now.
    package let schedules: [RuleSetSchedule]
}

/// A schedule that was taken back.
package struct RuleSetCancellation: Sendable {
    package let schedule: RuleSetSchedule
    /// The `ruleset.schedule.cancelled` entry.
    package let sequence: EntrySequence
    /// The signed note that covers it.
    package let checkpoint: String
    /// The schedules that stand now.
    package let schedules: [RuleSetSchedule]
}
