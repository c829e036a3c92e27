import AgentKit
import Rules
import Testing

/// The subjects of decisions.
@Suite struct RuleSubjectTests {
    let fixture = Fixture()
    private var event: Event {
        get throws { try Fixture.event("complaint.submitted", Fixture.submitted, subject: "its-own") }
    }

    private func subjects(_ emit: String, subject: String = "subject: complaintId") throws -> [String?] {
        try fixture.rule(
            """
            id: r
            on: complaint.submitted
            \(subject)
            let:
              late: '{"complaintId": data.kind == "late" ? "C-late" : "C-other", "reason": "r"}'
              asked: '{"to": "U", "template": "t", "data": {}}'
            emit:
              \(emit)
            """
        ).decisions("r", event).emissions.map(\.subject)
    }

    private static let opened = """
        - complaint.opened: [complaintId, amount, tier: '"sub"', deadline: event.recordedtime]
        """
    private static let notified = "- notification.requested: {to: data.userId, template: '\"t\"', data: {}}"

    @Test("a decision is about the member that is named, or about nothing where it has none")
    func members() throws {
        #expect(try subjects(Self.opened) == ["C-1"])
        #expect(try subjects(Self.notified) == [""])
        #expect(try subjects(Self.opened, subject: "subject: franchiseId") == [""])
        #expect(try subjects("- complaint.noted: {complaintId: '\"\"'}") == [""])
        #expect(try subjects("- complaint.noted: '{\"complaintId\": \"C-9\"}'") == ["C-9"])
        #expect(try subjects(Self.opened, subject: "subject: data.?due.optMap(d, \"due\")") == [""])
    }

    @Test("where nothing is said it is about what the trigger is about")
    func unsaid() throws {
        #expect(try subjects(Self.opened, subject: "") == [nil])
        #expect(try subjects(Self.notified, subject: "subject: event.?subject") == ["its-own"])
    }

    @Test("of data that are computed as a whole it is the member that they have")
    func computed() throws {
        #expect(try subjects("- complaint.refused: late") == ["C-late"])
        #expect(try subjects("- {complaint.refused: late, subject: reason}") == ["r"])
        #expect(try subjects("- notification.requested: asked", subject: "subject: to") == ["U"])
        #expect(try subjects("- notification.requested: asked") == [""])
        let either = #"data.amount > 1 ? {"complaintId": "C-8"} : {"complaintId": "C-9"}"#
        #expect(try subjects("- complaint.noted: '\(either)'") == ["C-8"])
    }

    @Test("a transfer's may be its purpose, a text with values in it")
    func text() throws {
        let transfer = "- transfer: {purpose: 'fine {data.kind}', reference: data.orderId, transfers: '[]'}"
        #expect(try subjects(transfer, subject: "subject: purpose") == ["fine late"])
    }

    @Test("a member that is no text cannot be one, and one that no decision has is doubtful")
    func wrong() throws {
        func problems(_ rule: String) -> String { fixture.problems("id: r\non: complaint.submitted\n" + rule) }
        let amount = problems("subject: amount\nemit:\n  - complaint.opened: 'dyn({})'")
        #expect(amount.contains("complaint.yaml:20:14: `subject` must be string, is int"), "\(amount)")
        let warned = try fixture.rule(
            "id: r\non: complaint.submitted\nsubject: complainId\nemit:\n  - complaint.noted: [complaintId]")
        #expect(
            warned.warnings.map(\.message)
                == ["`subject`: no decision has a member `complainId`, did you mean `complaintId`?"])
        let item = try fixture.rule(
            "id: r\non: complaint.submitted\nemit:\n  - {complaint.noted: [complaintId], subject: orderId}")
        #expect(
            item.warnings.map(\.message) == ["`complaint.noted` has no member `orderId`, and is so about nothing"])
    }
}
