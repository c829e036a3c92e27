import Foundation

/// A small rule set for tests of the service itself: areas, users with a personal field, deposits and payments.
enum TestRules {
    static let files: [String: String] = [
        "franchise.yaml": """
        agent: franchise
        version: 1.0.0
        facts:
          area.registered: {area: string, parent: optional string}
        rules: []
        """,
        "verification.yaml": """
        agent: verification
        version: 1.0.0
        facts:
          user.registered: {userId: string, role: buyer|seller, area: string, name: optional personal string}
        rules: []
        """,
        "wallet.yaml": """
        agent: wallet
        version: 1.0.0
        triggers:
          wallet.deposited: {depositId: string, userId: string, amount: int, currency: string, provider: string}
          wallet.payment.requested: {paymentId: string, fromUserId: string, toUserId: string, amount: int, currency: string}
        decisions:
          transfer.posted: {requested: string, purpose: string, reference: string, transfers: ["*posted"]}
          transfer.rejected: {requested: string, purpose: string, reference: string, transferId: string, index: int, code: string}
        rules:
          - id: deposit
            on: wallet.deposited
            variables:
              outcome: >-
                post("gateway/" + event.data.provider + "/" + event.data.currency,
                     "wallet/" + event.data.userId + "/" + event.data.currency, event.data.amount, event.data.currency)
            when: variables.outcome.ok
            because: money(event.data.amount, event.data.currency) + " arrived through " + event.data.provider
            emit:
              - type: transfer.posted
                data: >-
                  {"requested": event.sequence, "purpose": "deposit", "reference": event.data.depositId,
                   "transfers": variables.outcome.transfers}
          - id: pay
            on: wallet.payment.requested
            variables:
              outcome: >-
                post("wallet/" + event.data.fromUserId + "/" + event.data.currency,
                     "wallet/" + event.data.toUserId + "/" + event.data.currency, event.data.amount, event.data.currency)
            when: variables.outcome.ok
            because: 'variables.outcome.ok ? "paid" : "cannot be paid"'
            emit:
              - type: transfer.posted
                data: >-
                  {"requested": event.sequence, "purpose": "payment", "reference": event.data.paymentId,
                   "transfers": variables.outcome.transfers}
            otherwise:
              - type: transfer.rejected
                data: >-
                  {"requested": event.sequence, "purpose": "payment", "reference": event.data.paymentId,
                   "transferId": event.sequence + "/0", "index": 0, "code": variables.outcome.code}
        """,
        "compliance.yaml": """
        agent: compliance
        version: 1.0.0
        triggers:
          erasure.requested: {requestId: string, userId: string}
        decisions:
          erasure.completed: {requestId: string, userId: string}
        rules:
          - id: erase
            on: erasure.requested
            emit:
              - {type: erasure.completed, data: '{"requestId": event.data.requestId, "userId": event.data.userId}'}
        """,
        "currencies.yaml": "PKR: 2\n",
        "policy.yaml": """
        roles:
          admin: {events: ["*"], projections: ["*"], calls: ["*"], clock: true, unlimited: true}
          reader: {projections: ["*"], calls: ["events.read"]}
          areas: {events: ["area.*"], calls: ["events.append"]}
        principals: {local: [admin], reader: [reader], surveyor: [areas]}
        """,
    ]

    /// Writes the files into a folder, which is made.
    static func write(to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, text) in files {
            try (text + "\n").write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
        }
    }
}
