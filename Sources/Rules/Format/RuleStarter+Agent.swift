import AgentKit

/// Templates of the files of an agent that is not part of the program: with tables of its own.
extension RuleStarter {
    /// Returns true if an agent of that name could have event types of its name.
    package static func isAgentName(_ name: String) -> Bool {
        RuleReader.isName(name) && !name.hasPrefix("_") && name.utf8.allSatisfy { !(0x41...0x5A).contains($0) }
    }

    /// The classes that a new agent can have, high to low.
    package static let classes = AgentClass.allCases.map { "\($0)" }

    /// The rule file of a new agent.
    package static func rules(_ agent: String, class agentClass: String) -> String {
        let classes = classes.joined(separator: ", ")
        let id = agent + "Id"
        return """
            # What \(agent) decides and remembers, in a line.
            agent: \(agent)
            version: 1.0.0
            class: \(agentClass)  # who goes first: \(classes)

            parameters:
              window: duration("24h")  # to do what was asked for

            triggers:
              \(agent).requested:
                say: "{userId} asks for \(agent) {\(id)}"
                once: \(id)
                data: {\(id): id, userId: id}
              \(agent).done:
                say: "\(agent) {\(id)} is done"
                data: {\(id): id}

            decisions:
              \(agent).accepted:
                say: "\(agent) {\(id)} is accepted for {userId}"
                data: {\(id): id, userId: id}
              \(agent).refused:
                outcome: refused
                say: "\(agent) {\(id)} is refused: {reason}"
                data: {\(id): id, reason: unknown|closed}
              \(agent).closed:
                say: "\(agent) {\(id)} is closed"
                data: {\(id): id}
              \(agent).lapsed:
                say: "\(agent) {\(id)} has lapsed"
                data: {\(id): id}

            tables:
              \(agent)s:                      # rules read \(agent)s[id] and \(DeclaredTable.lookup(agent + "s", "userId"))(id)
                key: \(id)
                row: {userId: id, open: bool}
                index: userId

            fold:
              \(agent).accepted: {put: \(agent)s, row: [userId, open: 'true']}
              \(agent).closed: {change: \(agent)s, row: {open: 'false'}}
              \(agent).lapsed: {change: \(agent)s, row: {open: 'false'}}

            refused: \(agent).refused
            subject: \(id)

            rules:
              - id: accept
                on: \(agent).requested
                because: "{data.userId} asked for it and has {params.window}"
                emit:
                  - \(agent).accepted: [\(id), userId]
                timers:
                  - {name: lapse, key: data.\(id), at: event.recordedtime + params.window}

              - id: close
                on: \(agent).done
                refuse:
                  - {when: '!(data.\(id) in \(agent)s)', reason: unknown, because: nobody asked for it}
                  - {when: '!\(agent)s[data.\(id)].open', reason: closed, because: it is done or has lapsed}
                because: it is done
                emit:
                  - \(agent).closed: [\(id)]
                cancel:
                  - {name: lapse, key: data.\(id)}

              - id: lapse
                on: timer.fired
                when: data.agent == "\(agent)" && data.name == "lapse"
                because: "{params.window} went by"
                emit:
                  - \(agent).lapsed: {\(id): data.key}

            """
    }

    /// The tests of that file.
    package static func tests(ofNew agent: String) -> String {
        let id = agent + "Id"
        return """
            suite: requests
            tests:
              - name: what is asked for is accepted, and a day is there to do it
                when:
                  {type: \(agent).requested, time: 2024-02-15T09:00:00Z, data: {\(id): X-1, userId: U-ali}}
                expect:
                  - {type: \(agent).accepted, rule: \(agent)/accept, subject: X-1, data: {\(id): X-1, userId: U-ali}}
                  - {type: timer.scheduled, data: {name: lapse, key: X-1, due: 2024-02-16T09:00:00.000Z}}

              - name: what is done is closed, and does not lapse
                given:
                  - {type: \(agent).requested, time: 2024-02-15T09:00:00Z, data: {\(id): X-1, userId: U-ali}}
                when:
                  - {type: \(agent).done, data: {\(id): X-1}}
                  - {at: 2024-02-17T09:00:00Z}
                expect:
                  - {type: \(agent).closed, rule: \(agent)/close, data: {\(id): X-1}}
                  - {type: timer.cancelled, data: {name: lapse, key: X-1}}

              - name: what is closed is not done again
                given:
                  - {type: \(agent).requested, data: {\(id): X-1, userId: U-ali}}
                  - {type: \(agent).done, data: {\(id): X-1}}
                when: {type: \(agent).done, data: {\(id): X-1}}
                expect:
                  - {type: \(agent).refused, because: it is done or has lapsed, data: {\(id): X-1, reason: closed}}

              - name: what nobody asked for is not done
                when: {type: \(agent).done, data: {\(id): X-1}}
                expect:
                  - {type: \(agent).refused, because: nobody asked for it, data: {\(id): X-1, reason: unknown}}

              - name: what is not done lapses after a day
                given:
                  - {type: \(agent).requested, time: 2024-02-15T09:00:00Z, data: {\(id): X-1, userId: U-ali}}
                when:
                  - {at: 2024-02-16T09:00:00Z}
                  - {type: \(agent).done, data: {\(id): X-1}}
                expect:
                  - {type: timer.fired}
                  - {type: \(agent).lapsed, rule: \(agent)/lapse, subject: X-1}
                  - {type: \(agent).refused, because: it is done or has lapsed}

            """
    }
}
