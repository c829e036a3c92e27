import Audit
import EventLog
import Foundation
import TestSupport
import Testing
import TransparencyLog

@Suite("a dispute told to people", .ownThreads)
struct DisputePageTests {
    /// A complaint of which the buyer's text, its kind, holds what a page or a terminal might obey.
    private static func hostile() throws -> DisputeCheck {
        let ledger = try ScratchLedger.knownHistory()
        let kind = HostileText.quoted(#"<script>alert("x")</script><img src=x onerror='y'>&amp; "# + HostileText.data)
        try ledger.send(
            "complaint.submitted",
            #"{"complaintId":"C-1","orderId":"ORD-001","userId":"U-ali","kind":\#(kind),"description":"x"}"#)
        let subject = DisputeSubject(kind: .complaint, id: "C-1")
        return try #require(try DisputeBundle.make(subject, from: ledger.log)).check
    }

    @Test("shows what strangers wrote as text")
    func hostileText() throws {
        let check = try Self.hostile()
        #expect(check.isGood, "\(check.problems)")
        let html = String(decoding: check.html, as: UTF8.self)
        for text in [check.text, html] {
            #expect(HostileText.controls(in: text) == [])
            #expect(HostileText.forgedLines(in: text) == [])
        }
        #expect(html.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&lt;img"))
        #expect(html.contains("onerror=&#39;y&#39;&gt;&amp;amp;"))
        let tags = Set(html.matches(of: /<([a-z0-9!]+)/).map { String($0.1) })
        #expect(
            tags.subtracting([
                "!doctype", "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "table", "tr", "td",
                "ul",
                "li", "span", "pre", "code", "div",
            ]) == [])
    }

    @Test("is a page that is whole, that loads nothing and prints")
    func page() throws {
        let html = String(decoding: try KnownDispute.check.html, as: UTF8.self)
        #expect(html.hasPrefix("<!doctype html>"))
        #expect(html.hasSuffix("</body></html>\n"))
        #expect(html.contains("default-src 'none'"))
        #expect(html.contains("prefers-color-scheme:dark"))
        for tag in ["table", "ul", "pre", "p", "tr", "td", "h2"] {
            let open = html.matches(of: try Regex("<\(tag)[ >]")).count
            #expect(open == html.components(separatedBy: "</\(tag)>").count - 1, "\(tag)")
        }
        #expect(html.contains("<pre>"))
        #expect(html.contains("fine.imposed"))
    }

    @Test("says what is proved, what was derived, and whose word the rows are")
    func checked() throws {
        let text = try KnownDispute.check.text
        #expect(text.contains("are proved to be in the log docket.example/audit"))
        #expect(text.contains("were derived again and came out the same, byte"))
        #expect(text.contains("operator's claim"))
        #expect(text.contains("about ORD-001"))
        #expect(text.contains("Money that moved"))
        #expect(text.contains("complaint/deadline-missed 1.0.0"))
    }
}
