import AgentKit
import JSON

extension EngineState {
    /// Folds one entry into the engine's state; never fails.
    func reduce(_ fold: EngineFold, _ entry: Event) {
        switch fold {
        case .ledgerCreated(let event):
            engine.upsert(Self.only) {
                $0.origin = event.origin
                $0.genesis = entry.recordedTime
            }
        case .rulesetFileAdded(let event):
            ruleFiles.upsert(event.digest) {
                $0.file = event.file
                $0.parts.append(entry.sequence)
            }
        case .rulesetActivated(let event): activate(event, entry)
        case .rulesetScheduleCancelled(let event): cancelSchedule(event)
        case .timerScheduled(let event): schedule(event, entry)
        case .timerCancelled(let event): removeTimer(entry.agent ?? "", event.name, event.key)
        case .timerFired(let event): removeTimer(event.agent, event.name, event.key)
        case .scheduleDaily(let event): engine.upsert(Self.only) { $0.lastDaily = event.due }
        case .scheduleWeekly(let event): engine.upsert(Self.only) { $0.lastWeekly = event.due }
        case .scheduleMonthly(let event): engine.upsert(Self.only) { $0.lastMonthly = event.due }
        case .scheduleItem(let event): removeItem(event, entry)
        case .deadletterAdded(let event):
            guard let sequence = EntrySequence(padded: event.sequence) else { return }
            deadLetters[sequence.padded] = DeadLetterRow(
                sequence: sequence, reason: event.reason, added: entry.recordedTime)
        case .deadletterRetried(let event): deadLetters[event.sequence] = nil
        case .proposalOpened(let event): open(event, entry)
        case .voteCast(let event): count(event, entry)
        case .proposalApproved(let event): end(proposal: event.proposalId)
        case .proposalRejected(let event): end(proposal: event.proposalId)
        case .proposalExpired(let event): end(proposal: event.proposalId)
        case .principalRegistered(let event):
            principals[event.principal] = PrincipalRow(
                principal: event.principal, key: event.key, roles: event.roles)
        case .principalRotated(let event):
            principals.update(event.principal) {
                $0.previousKey = $0.key
                $0.previousUntil = event.previousUntil
                $0.key = event.key
            }
        case .overridePending(let event): mark(event.override, as: .pending)
        case .overrideRefused(let event):
            switch event.reason {
            case "order_differs": mark(event.override, as: .refused)
            case "expired": mark(event.override, as: .expired)
            default: break
            }
        case .adminOverrideApproved(let event): approve(event, entry)
        case .agentFailed(let event): agents.upsert(event.agent) { $0.failures += 1 }
        }
    }

    /// Counts an entry that an agent's rule gave. Every payment passes here.
    func count(decisionOf agent: String) {
        unsafe KeyIndex.withBytes(of: agent) { name in
            let slot = unsafe agents.slot(name)
            var row = unsafe agents.row(at: slot, name) ?? AgentRow()
            row.decisions += 1
            agents.set(row, at: slot)
        }
    }

    private func mark(_ override: String, as status: OverrideStatus) {
        guard let sequence = EntrySequence(padded: override) else { return }
        overrides.update(OverrideRow.key(sequence)) { $0.status = status }
    }

    /// An approval counts where the correction waits and somebody else asked for it.
    private func approve(_ event: AdminOverrideApproved, _ entry: Event) {
        guard let sequence = EntrySequence(padded: event.override) else { return }
        let key = OverrideRow.key(sequence)
        guard let row = overrides[key], row.status == .pending, row.by != entry.authority else { return }
        overrides.update(key) {
            $0.status = .done
            $0.approval = entry.sequence
        }
    }

    private func open(_ event: ProposalOpened, _ entry: Event) {
        proposals[event.proposalId] = ProposalRow(
            id: event.proposalId, reference: event.reference, rule: event.rule, agent: entry.agent ?? "",
            of: event.of, need: event.need, opened: entry.sequence)
    }

    private func end(proposal id: String) { proposals.update(id) { $0.isOver = true } }

    private func count(_ event: VoteCast, _ entry: Event) {
        let agent = event.agent
        proposals.update(event.proposalId) {
            guard !$0.isOver, $0.of.contains(agent), !$0.voters.contains(agent) else { return }
            $0.voters.append(agent)
            $0.votes.append(entry.sequence)
            $0.approvals.append(event.approve)
        }
    }

    private func schedule(_ event: TimerScheduled, _ entry: Event) {
        let agent = entry.agent ?? ""
        removeTimer(agent, event.name, event.key)
        let row = TimerRow(
            agent: agent, timer: event.name, key: event.key, due: event.due, scheduled: entry.sequence)
        let key = TimerRow.key(agent: agent, name: row.timer, key: row.key)
        let place = UpcomingTimers.Place(due: row.due, scheduled: entry.sequence)
        timers[key] = row
        due[place.key] = DueRow(timer: key)
        upcoming.insert(place)
    }

    func removeTimer(_ agent: String, _ name: String, _ key: String) {
        let key = TimerRow.key(agent: agent, name: name, key: key)
        guard let row = timers[key] else { return }
        due[UpcomingTimers.Place(due: row.due, scheduled: row.scheduled).key] = nil
        timers[key] = nil
    }

    /// The place of an item in the queue: items of one schedule by rule, then by row.
    static func itemKey(cause: EntrySequence, rule: Int, row: String) -> String {
        cause.padded + "/" + String(rule + 1000) + "/" + row
    }

    private func removeItem(_ event: ScheduleItem, _ entry: Event) {
        guard let cause = entry.causation else { return }
        for rule in 0..<Self.rulesOverRowsMax {
            let key = Self.itemKey(cause: cause, rule: rule, row: event.key)
            guard let row = scheduleItems[key], row.agent == event.agent, row.rule == event.rule else { continue }
            scheduleItems[key] = nil
            return
        }
    }
}
