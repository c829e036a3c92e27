// Written by `tools/generate` from `Sources/Rules/Types/engine.yaml`; change that.

/// The declarations of the engine's own event types, in the syntax of rule files.
enum EngineTypes {
    static let text = #"""
        # The event types that no agent's rule file declares, compiled into the program and no part of a rule set's digest.
        # `engine`: only the engine appends them. `any agent`: every agent's rules may emit them. `administrator`: signed by an
        # administrator.
        _transfer: {debitAccount: string, creditAccount: string, amount: money, code: optional int,
          pendingId: optional string, timeoutSeconds: optional int, flags: "optional [string]"}
        _posted: {id: string, debitAccount: string, creditAccount: string, amount: money,
          flags: "optional [string]", pendingId: optional string, code: optional int, timeoutSeconds: optional int}
        engine:
          ledger.created:
            say: "the ledger {origin} begins"
            data: {origin: string, verifierKey: string, format: int, clock: system|events}
          ruleset.file.added:
            say: "the text of {file} is recorded, part {part} of {parts}"
            data: {file: string, digest: string, part: int, parts: int, content: string}
          ruleset.activated:
            say: "a rule set comes into force{' at ' + time(effectiveFrom)}"
            data:
              {digest: string, files: "{string: string}", engine: int, effectiveFrom: optional timestamp,
               backtest: optional string}
          ruleset.schedule.cancelled:
            say: "the rule set that entry {number(activated)} scheduled will not come into force"
            data: {activated: string}
          timer.scheduled:
            say: "the timer “{words(name)}” is set for {due}"
            data: {name: string, key: string, due: timestamp}
          timer.cancelled:
            say: "the timer “{words(name)}” is stopped"
            data: {name: string, key: string}
          timer.fired:
            say: "the timer “{words(name)}” of {agent} ran out"
            data: {agent: string, name: string, key: string, due: timestamp}
          schedule.daily:
            say: "a day begins: {date}"
            data: {due: timestamp, date: string}
          schedule.weekly:
            say: "a week begins: {date}"
            data: {due: timestamp, date: string}
          schedule.monthly:
            say: "a month begins: {date}"
            data: {due: timestamp, date: string}
          schedule.item:
            say: "{rule} is due for {key}"
            data: {schedule: string, agent: string, rule: string, key: string, date: string}
          agent.failed:
            say: "rule {rule} failed: {words(code)}"
            data: {agent: string, rule: string, code: string}
          decision.overruled:
            say: "{rule} was overruled by {by}"
            data: {agent: string, rule: string, by: string, claim: string, type: string, data: "{string: dyn}"}
          conflict.raised:
            say: "{list(rules)} contradict each other on {claim}"
            data: {claim: string, rules: "[string]"}
          # A decision that is held has an empty `subject` where it is about nothing, and none where it is about what led to it.
          proposal.opened:
            say: "put to the vote: {reference}"
            data:
              {proposalId: id, reference: string, rule: string, of: "[string]", need: int, until: timestamp,
               emit: "[{type: string, subject: optional string, data: {string: dyn}}]"}
          proposal.approved:
            say: "approved by {plural(approvals, 'vote')}"
            data: {proposalId: id, reference: string, approvals: int}
          proposal.rejected:
            say: "voted down by {plural(rejections, 'vote')}"
            data: {proposalId: id, reference: string, rejections: int}
          proposal.expired:
            say: the vote ended without a decision
            data: {proposalId: id, reference: string}
          deadletter.added:
            say: "entry {number(sequence)} was given up: {words(reason)}"
            data: {sequence: string, reason: string}
          trigger.repeated:
            say: "it repeats entry {number(first)}"
            data: {type: string, key: "[string]", first: string}
          trigger.contradicted:
            say: "it contradicts entry {number(first)}"
            data: {type: string, key: "[string]", first: string}
          personal.revealed:
            say: "{by} read the personal data of entry {number(sequence)}"
            data: {sequence: string, by: string}
          principal.registered:
            say: "{principal} may sign, with {plural(size(roles), 'role')}"
            data: {principal: string, key: string, roles: "[string]"}
          principal.rotated:
            say: "{principal} has a new key; the old one holds until {previousUntil}"
            data: {principal: string, key: string, previousUntil: timestamp}
          delivery.succeeded:
            say: "entry {number(sequence)} was delivered through {channel}, at the {ordinal(attempts)} attempt"
            data: {sequence: string, channel: string, attempts: int}
          delivery.failed:
            say: "entry {number(sequence)} could not be delivered through {channel}: {words(reason)}"
            data: {sequence: string, channel: string, attempts: int, reason: string}
          override.pending:
            say: "the correction waits for a second administrator until {until}: {list(amounts.map(currency, money(amounts[currency], currency)))}"
            data: {override: string, by: string, amounts: "{string: int}", until: timestamp}
          override.refused:
            outcome: refused
            say: "{reason == 'order_differs' ? 'the correction is refused: the complaint is about another order' : reason == 'same_administrator' ? 'the approval is refused: who asked for the correction cannot approve it' : reason == 'unknown_override' ? 'the approval is refused: there is no such correction' : reason == 'finished' ? 'the approval is refused: the correction does not wait' : 'the correction is not made: nobody approved it in time'}"
            data: {override: string, reason: same_administrator|unknown_override|finished|expired|order_differs}
        any agent:
          vote.cast:
            say: "{agent} votes {approve ? 'for' : 'against'} it"
            data: {proposalId: id, agent: string, approve: bool}
          transfer.requested:
            say: "requested: {transfers(purpose, transfers)}"
            data: {purpose: string, reference: string, transfers: ["*transfer"]}
          notification.requested:
            say: "{to} is notified: {words(template)}"
            data: {to: string, template: string, data: "{string: dyn}"}
          webhook.requested:
            say: "a message goes to {channel}"
            data: {channel: string, data: "{string: dyn}"}
          alert.raised:
            say: "alert ({severity}): {what}"
            data: {alertId: id, severity: critical|warning|info, what: string, reference: optional string}
          fine.imposed:
            say: "{partyId} fined {amount}"
            data:
              {fineId: id, complaintId: optional id, party: franchise|user, partyId: id,
               harmedId: optional string, amount: money, tier: "optional sub|master|corporate"}
          registration.refused:
            outcome: refused
            say: "{id} is not taken in: {reason == 'unknown_area' ? 'the area is not known' : reason == 'unknown_product' ? 'there is no such product' : reason == 'cycle' ? 'it would be above itself' : reason == 'stale' ? 'a later one is known' : reason == 'role' ? 'only an administrator may do that' : 'the person was erased'}"
            data:
              {"on": string, id: string, reason: unknown_area|unknown_product|cycle|stale|role|erased}
        administrator triggers:
          admin.override:
            say: "an administrator corrects entry {number(corrects)}: {because}"
            once: overrideId
            data:
              {overrideId: id, corrects: string, because: string,
               emit: "[{type: string, subject: optional string, data: {string: dyn}}]"}
          admin.override.approved:
            say: "an administrator approves what entry {number(override)} asks for"
            once: {key: override, unless: refused}
            data: {override: string}
          deadletter.retried:
            say: "an administrator has entry {number(sequence)} tried again"
            data: {sequence: string}
          complaint.unfrozen:
            say: an administrator unfreezes the complaint
            data: {complaintId: id}
        administrator facts:
          alert.acknowledged:
            say: "alert {alertId} was acknowledged"
            data: {alertId: id}
        """#
}
