import AgentKit
import JSON

/// The event types the engine folds into its own state.
enum EngineFold: String, CaseIterable {
    case created = "ledger.created"
    case ruleFileAdded = "ruleset.file.added"
    case ruleSetActivated = "ruleset.activated"
    case ruleSetScheduleCancelled = "ruleset.schedule.cancelled"
    case timerScheduled = "timer.scheduled"
    case timerCancelled = "timer.cancelled"
    case timerFired = "timer.fired"
    case daily = "schedule.daily"
    case weekly = "schedule.weekly"
    case monthly = "schedule.monthly"
    case item = "schedule.item"
    case deadLetterAdded = "deadletter.added"
    case deadLetterRetried = "deadletter.retried"
    case proposalOpened = "proposal.opened"
    case voteCast = "vote.cast"
    case proposalApproved = "proposal.approved"
    case proposalRejected = "proposal.rejected"
    case proposalExpired = "proposal.expired"
    case principalRegistered = "principal.registered"
    case principalRotated = "principal.rotated"
    case agentFailed = "agent.failed"
}

extension EngineState {
    /// Folds one entry into the engine's state; never fails.
    func reduce(_ fold: EngineFold, _ event: Event) {
        let data = event.data
        switch fold {
        case .created:
            engine.upsert(Self.only) {
                $0.origin = data.text("origin")
                $0.genesis = event.recordedTime
            }
        case .ruleFileAdded:
            ruleFiles.upsert(data.text("digest")) {
                $0.file = data.text("file")
                $0.parts.append(event.sequence)
            }
        case .ruleSetActivated: activate(event)
        case .ruleSetScheduleCancelled: cancelSchedule(event)
        case .timerScheduled: schedule(event)
        case .timerCancelled: removeTimer(event.agent ?? "", data.text("name"), data.text("key"))
        case .timerFired: removeTimer(data.text("agent"), data.text("name"), data.text("key"))
        case .daily: engine.upsert(Self.only) { $0.lastDaily = data.instant("due") }
        case .weekly: engine.upsert(Self.only) { $0.lastWeekly = data.instant("due") }
        case .monthly: engine.upsert(Self.only) { $0.lastMonthly = data.instant("due") }
        case .item: removeItem(event)
        case .deadLetterAdded:
            guard let sequence = EntrySequence(padded: data.text("sequence")) else { return }
            deadLetters[sequence.padded] = DeadLetterRow(
                sequence: sequence, reason: data.text("reason"), added: event.recordedTime)
        case .deadLetterRetried: deadLetters[data.text("sequence")] = nil
        case .proposalOpened: open(event)
        case .voteCast: count(event)
        case .proposalApproved, .proposalRejected, .proposalExpired:
            proposals.update(data.text("proposalId")) { $0.isOver = true }
        case .principalRegistered:
            principals[data.text("principal")] = PrincipalRow(
                principal: data.text("principal"), key: data.text("key"), roles: data.texts("roles"))
        case .principalRotated:
            principals.update(data.text("principal")) {
                $0.previousKey = $0.key
                $0.previousUntil = data.instant("previousUntil")
                $0.key = data.text("key")
            }
        case .agentFailed: agents.upsert(data.text("agent")) { $0.failures += 1 }
        }
    }

    /// Counts an entry that an agent's rule gave. Every payment passes here.
    func count(decisionOf agent: String) {
        unsafe KeyIndex.withBytes(of: agent) { name in
            let place = unsafe agents.place(name)
            var row = unsafe agents.row(at: place, name) ?? AgentRow()
            row.decisions += 1
            agents.set(row, at: place)
        }
    }

    private func open(_ event: Event) {
        let data = event.data
        proposals[data.text("proposalId")] = ProposalRow(
            id: data.text("proposalId"), reference: data.text("reference"), rule: data.text("rule"),
            agent: event.agent ?? "", of: data.texts("of"), need: data.integer("need"), opened: event.sequence)
    }

    private func count(_ event: Event) {
        let agent = event.data.text("agent")
        proposals.update(event.data.text("proposalId")) {
            guard !$0.isOver, $0.of.contains(agent), !$0.voters.contains(agent) else { return }
            $0.voters.append(agent)
            $0.votes.append(event.sequence)
            $0.approvals.append(event.data["approve"]?.bool ?? false)
        }
    }

    private func schedule(_ event: Event) {
        let agent = event.agent ?? ""
        let data = event.data
        removeTimer(agent, data.text("name"), data.text("key"))
        guard let at = data.instant("due") else { return }
        let row = TimerRow(
            agent: agent, timer: data.text("name"), key: data.text("key"), due: at, scheduled: event.sequence)
        let key = TimerRow.key(agent: agent, name: row.timer, key: row.key)
        let place = UpcomingTimers.Place(due: at, scheduled: event.sequence)
        timers[key] = row
        due[place.key] = DueRow(timer: key)
        upcoming.insert(place)
    }

    private func removeTimer(_ agent: String, _ name: String, _ key: String) {
        let key = TimerRow.key(agent: agent, name: name, key: key)
        guard let row = timers[key] else { return }
        due[UpcomingTimers.Place(due: row.due, scheduled: row.scheduled).key] = nil
        timers[key] = nil
    }

    /// The place of an item in the queue: items of one schedule by rule, then by row.
    static func itemKey(cause: EntrySequence, rule: Int, row: String) -> String {
        cause.padded + "/" + String(rule + 1000) + "/" + row
    }

    private func removeItem(_ event: Event) {
        guard let cause = event.causation else { return }
        let data = event.data
        for rule in 0..<Self.rulesOverRowsMax {
            let key = Self.itemKey(cause: cause, rule: rule, row: data.text("key"))
            guard let row = scheduleItems[key], row.agent == data.text("agent"), row.rule == data.text("rule") else {
                continue
            }
            scheduleItems[key] = nil
            return
        }
    }
}
