// Written by `tools/generate` from `Sources/Rules/Types/engine.yaml`; change that.

/// The declarations of the engine's own event types, in the syntax of rule files.
enum EngineTypes {
    static let text = #"""
        # The event types that no agent's rule file declares, compiled into the program and no part of a rule set's digest.
        # `engine`: only the engine appends them. `any agent`: every agent's rules may emit them. `administrator`: signed by an
        # administrator.
        _transfer: {debitAccount: string, creditAccount: string, amount: int, currency: string, code: optional int, pendingId: optional string, timeoutSeconds: optional int, flags: "optional [string]"}
        _posted: {id: string, debitAccount: string, creditAccount: string, amount: int, currency: string, flags: "optional [string]", pendingId: optional string, code: optional int, timeoutSeconds: optional int}
        engine:
          ledger.created: {origin: string, verifierKey: string, format: int, clock: system|events}
          ruleset.file.added: {file: string, digest: string, part: int, parts: int, content: string}
          ruleset.activated: {digest: string, files: "{string: string}", engine: int, effectiveFrom: optional timestamp, backtest: optional string}
          ruleset.schedule.cancelled: {activated: string}
          timer.scheduled: {name: string, key: string, due: timestamp}
          timer.cancelled: {name: string, key: string}
          timer.fired: {agent: string, name: string, key: string, due: timestamp}
          schedule.daily: {due: timestamp, date: string}
          schedule.weekly: {due: timestamp, date: string}
          schedule.monthly: {due: timestamp, date: string}
          schedule.item: {schedule: string, agent: string, rule: string, key: string, date: string}
          agent.failed: {agent: string, rule: string, code: string}
          decision.overruled: {agent: string, rule: string, by: string, claim: string, type: string, data: "{string: dyn}"}
          conflict.raised: {claim: string, rules: "[string]"}
          proposal.opened: {proposalId: string, reference: string, rule: string, of: "[string]", need: int, until: timestamp, emit: "[{type: string, subject: optional string, data: {string: dyn}}]"}
          proposal.approved: {proposalId: string, reference: string, approvals: int}
          proposal.rejected: {proposalId: string, reference: string, rejections: int}
          proposal.expired: {proposalId: string, reference: string}
          deadletter.added: {sequence: string, reason: string}
          trigger.repeated: {type: string, key: "[string]", first: string}
          trigger.contradicted: {type: string, key: "[string]", first: string}
          principal.registered: {principal: string, key: string, roles: "[string]"}
          principal.rotated: {principal: string, key: string, previousUntil: timestamp}
          delivery.succeeded: {sequence: string, channel: string, attempts: int}
          delivery.failed: {sequence: string, channel: string, attempts: int, reason: string}
        any agent:
          vote.cast: {proposalId: string, agent: string, approve: bool}
          transfer.requested: {purpose: string, reference: string, transfers: ["*transfer"]}
          notification.requested: {to: string, template: string, data: "{string: dyn}"}
          webhook.requested: {channel: string, data: "{string: dyn}"}
          alert.raised: {alertId: string, severity: critical|warning|info, what: string, reference: optional string}
          fine.imposed: {fineId: string, complaintId: optional string, party: franchise|user, partyId: string, harmedId: optional string, amount: int, currency: string, tier: "optional sub|master|corporate"}
        administrator triggers:
          admin.override: {corrects: string, because: string, emit: "[{type: string, subject: optional string, data: {string: dyn}}]"}
          deadletter.retried: {sequence: string}
          complaint.unfrozen: {complaintId: string}
        administrator facts:
          alert.acknowledged: {alertId: string}
        """#
}
