/// Templates of an agent's files: a rule that records or refuses, and a test of each.
package enum RuleStarter {
    /// The rule file of an agent.
    package static func rules(_ agent: String) -> String {
        """
        # What \(agent) decides, in a line.
        agent: \(agent)
        version: 1.0.0

        parameters:
          most: 100                                # what one request may ask for

        triggers:
          \(agent).asked:
            once: requestId
            data: {requestId: id, userId: id, amount: int}

        decisions:
          \(agent).noted: {requestId: id, userId: id, amount: int}
          \(agent).declined:
            outcome: refused
            data: {requestId: id, reason: amount}

        refused: \(agent).declined
        subject: requestId

        rules:
          - id: record
            on: \(agent).asked
            refuse:
              - when: data.amount < 1 || data.amount > params.most
                reason: amount
                because: one asks for 1 to {params.most}, not for {data.amount}
            because: "{data.userId} asked for {data.amount}"
            emit:
              - \(agent).noted: [requestId, userId, amount]

        """
    }

    /// The tests of that file.
    package static func tests(_ agent: String) -> String {
        """
        suite: requests
        tests:
          - name: what was asked for is recorded
            when: {type: \(agent).asked, data: {requestId: R-1, userId: U-ali, amount: 1}}
            expect:
              - {type: \(agent).noted, rule: \(agent)/record, subject: R-1, data: {requestId: R-1, userId: U-ali, amount: 1}}

          - name: too much is refused
            when: {type: \(agent).asked, data: {requestId: R-1, userId: U-ali, amount: 101}}
            expect:
              - {type: \(agent).declined, because: "one asks for 1 to 100, not for 101", data: {requestId: R-1, reason: amount}}

        """
    }
}
