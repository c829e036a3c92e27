import JSON

/// A dispute as a page of its own: HTML without scripts or anything from elsewhere, which prints on A4.
struct DisputePage {
    private let check: DisputeCheck

    init(_ check: DisputeCheck) { self.check = check }

    private static let style = """
        :root{color-scheme:light dark;--line:#ccc;--soft:#666}
        @media(prefers-color-scheme:dark){:root{--line:#444;--soft:#aaa}}
        body{font:16px/1.45 system-ui,sans-serif;max-width:64em;margin:2em auto;padding:0 1em}
        h1{font-size:1.5em;margin-bottom:.2em}h2{font-size:1.1em;margin-top:2em}
        .state{font-weight:600}.soft,td.place,td.source{color:var(--soft)}.bad{border-left:4px solid #c00;padding-left:1em}
        table{border-collapse:collapse;width:100%}td{padding:.25em .6em .25em 0;vertical-align:top}
        tr.trigger td{border-top:1px solid var(--line)}tr.decision td.text{padding-left:1.5em}
        td.time,td.place{white-space:nowrap}pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--line);padding:.6em}
        td.text,li{overflow-wrap:anywhere}
        @page{size:A4;margin:18mm}
        @media print{:root{color-scheme:light;--line:#ccc;--soft:#555}body{font-size:10pt;max-width:none;margin:0;padding:0}
        tr,li{break-inside:avoid}h2{break-after:avoid}}
        """

    var html: [UInt8] {
        let story = check.story
        var parts = [
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">",
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            "<meta name=\"viewport\" content=\"width=device-width\">",
            "<title>\(Self.escaped(check.subject.description))</title>",
            "<style>\(Self.style)</style></head><body>",
            "<h1>\(Self.escaped(story.headline))</h1>",
        ]
        if !story.state.isEmpty { parts.append("<p class=\"state\">\(Self.escaped(story.state))</p>") }
        if let about = story.about {
            let state = about.state.isEmpty ? "" : ": " + about.state
            parts.append("<p>About \(Self.escaped(about.headline + state))</p>")
        }
        if !check.isGood {
            let heading = check.problems.isEmpty ? "NOT everything could be checked" : "NOT what it should be"
            let items = check.problems.isEmpty ? check.objection.map { [$0] } ?? [] : check.problems
            parts.append("<div class=\"bad\"><h2>\(heading)</h2>\(Self.list(items))</div>")
        }
        parts.append(Self.table(story.rows))
        if let about = story.about, !story.relatedRows.isEmpty {
            parts.append("<h2>What else happened to \(Self.escaped(about.name.description))</h2>")
            parts.append(Self.table(story.relatedRows))
        }
        if !story.money.isEmpty { parts.append("<h2>Money that moved</h2>" + Self.table(story.money)) }
        if !story.rules.isEmpty {
            parts.append("<h2>Rules that decided</h2>")
            parts += story.rules.map { rule in
                "<p>\(Self.escaped(rule.name + " " + rule.version)) <span class=\"soft\">\(Self.escaped(rule.file))</span></p>"
                    + "<pre>\(Self.escaped(page: rule.text))</pre>"
            }
        }
        parts.append("<h2>Checked</h2>" + Self.list(story.checked))
        parts.append(
            "<p class=\"soft\">This page is for reading and proves nothing by itself: "
                + "<code>docket check BUNDLE --key VKEY</code> checks the bundle that it was made of.</p>")
        parts.append("</body></html>\n")
        return Array(parts.joined(separator: "\n").utf8)
    }

    private static func table(_ rows: [TimelineRow]) -> String {
        let lines = rows.map { row in
            "<tr class=\"\(row.isNested ? "decision" : "trigger")\"><td class=\"time\">\(escaped(row.time))</td>"
                + "<td class=\"text\">\(escaped(row.text))</td><td class=\"place\">\(escaped(row.place))</td>"
                + "<td class=\"source\">\(escaped(row.source))</td></tr>"
        }
        return "<table>\n" + lines.joined(separator: "\n") + "\n</table>"
    }

    private static func list(_ items: [String]) -> String {
        "<ul>" + items.map { "<li>\(escaped($0))</li>" }.joined() + "</ul>"
    }

    /// A text of one line as it may stand anywhere in the page; control and bidirectional characters are shown.
    private static func escaped(_ text: String) -> String { MarkupText.escaped(VisibleText.line(text)) }

    /// The same for a text of several lines.
    private static func escaped(page text: String) -> String { MarkupText.escaped(VisibleText.page(text)) }
}

extension DisputeCheck {
    /// The story and what was checked as a page of HTML.
    package var html: [UInt8] { DisputePage(self).html }
}
