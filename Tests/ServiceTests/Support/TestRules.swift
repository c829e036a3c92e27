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

/// Events that tests send.
enum Events {
    static let start = "2024-02-15T09:00:00Z"

    static func event(
        _ type: String, _ data: String, id: String, time: String? = start, subject: String? = nil, more: String = ""
    ) -> String {
        let time = time.map { #","time":"\#($0)""# } ?? ""
        let subject = subject.map { #","subject":"\#($0)""# } ?? ""
        return #"{"specversion":"1.0","id":"\#(id)","source":"/tests","type":"\#(type)"\#(time)\#(subject)\#(more),"#
            + #""data":\#(data)}"#
    }

    static func area(_ name: String, id: String, time: String? = start, note: String? = nil) -> String {
        event(
            "area.registered", #"{"area":"\#(name)"}"#, id: id, time: time, subject: name,
            more: note.map { #","note":"\#($0)""# } ?? "")
    }

    static func deposit(_ id: String, to user: String, _ amount: Int = 1000, time: String? = start) -> String {
        event(
            "wallet.deposited",
            #"{"depositId":"\#(id)","userId":"\#(user)","amount":\#(amount),"currency":"PKR","provider":"bank"}"#,
            id: id, time: time)
    }

    static func payment(_ id: String, _ amount: Int, from: String, to: String, time: String? = start) -> String {
        event(
            "wallet.payment.requested",
            #"{"paymentId":"\#(id)","fromUserId":"\#(from)","toUserId":"\#(to)","amount":\#(amount),"currency":"PKR"}"#,
            id: id, time: time)
    }

    static func user(_ id: String, name: String, event: String) -> String {
        self.event(
            "user.registered", #"{"userId":"\#(id)","role":"buyer","area":"lahore","name":"\#(name)"}"#, id: event,
            subject: id)
    }
}
