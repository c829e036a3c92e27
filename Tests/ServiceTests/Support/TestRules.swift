import Foundation

/// A small rule set for tests of the service itself: areas, users with a personal field, deposits and payments.
enum TestRules {
    static let files: [String: String] = [
        "franchise.yaml": """
        agent: franchise
        version: 1.0.0
        facts:
          area.registered: {area: id, parent: optional string}
        rules: []
        """,
        "verification.yaml": """
        agent: verification
        version: 1.0.0
        facts:
          user.registered: {userId: id, role: buyer|seller, area: id, name: optional personal string, referredBy: optional string, tags: "optional [string]", level: optional string, trustScore: optional int}
        rules: []
        """,
        "wallet.yaml": """
        agent: wallet
        version: 1.0.0
        triggers:
          wallet.deposited: {depositId: string, userId: string, amount: money, provider: string}
          wallet.payment.requested: {paymentId: string, fromUserId: string, toUserId: string, amount: money}
        decisions:
          transfer.posted: {requested: string, purpose: string, reference: string, transfers: ["*posted"]}
          transfer.rejected: {requested: string, purpose: string, reference: string, transferId: string, index: int, code: string}
        rules:
          - id: deposit
            on: wallet.deposited
            let:
              outcome: post("gateway/" + data.provider, "wallet/" + data.userId, data.amount)
            when: outcome.ok
            because: '{data.amount} arrived through {data.provider}'
            emit:
              - transfer.posted: >-
                  {"requested": event.sequence, "purpose": "deposit", "reference": data.depositId,
                   "transfers": outcome.transfers}
          - id: pay
            on: wallet.payment.requested
            let:
              outcome: post("wallet/" + data.fromUserId, "wallet/" + data.toUserId, data.amount)
            when: outcome.ok
            because: '{outcome.ok ? "paid" : "cannot be paid"}'
            emit:
              - transfer.posted: >-
                  {"requested": event.sequence, "purpose": "payment", "reference": data.paymentId,
                   "transfers": outcome.transfers}
            otherwise:
              - transfer.rejected: >-
                  {"requested": event.sequence, "purpose": "payment", "reference": data.paymentId,
                   "transferId": event.sequence + "/0", "index": 0, "code": outcome.code}
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
              - {erasure.completed: '{"requestId": data.requestId, "userId": data.userId}'}
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
