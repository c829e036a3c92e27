import AgentKit
import JSON

/// Says entries in words that a person who is no programmer understands. Personal data is never among them: entries
/// hold it sealed.
struct Wording: Sendable {
    let layout: Layout
    var facts: CaseFacts
    /// The ledger's time: that of its newest entry. Times of its year are told without the year.
    var present: Instant?

    init(_ layout: Layout, _ facts: CaseFacts = CaseFacts(), present: Instant? = nil) {
        self.layout = layout
        self.facts = facts
        self.present = present
    }

    /// When an entry was recorded.
    func time(of entry: View) -> String {
        entry.instant("recordedtime").map { layout.shortTime($0, present: present) } ?? ""
    }

    /// What happened, in one line: `F-zoneone fined PKR 39.98 (2.00 % of 1,999.00)`.
    func sentence(_ entry: View) -> String {
        let data = entry["data"] ?? Document.emptyObject.root
        let type = entry.text("type")
        switch type {
        case "fine.imposed": return fine(data)
        case "ruleset.activated":
            guard let from = data.instant("effectiveFrom"), from > entry.instant("recordedtime") ?? from else { break }
            return "a rule set is scheduled: in force from " + layout.time(from)
        case "transfer.requested": return "asked for: " + transfers(data)
        case "transfer.posted": return transfers(data)
        case "timer.fired": return timer(data)
        case "complaint.closed": return closing(data)
        case "vote.cast":
            return data.text("agent") + (data["approve"]?.bool == true ? " votes for it" : " votes against it")
        default: break
        }
        guard let template = Phrases.templates[type] else {
            return String(type.map { $0 == "." ? " " : $0 })
        }
        return fill(template, data, recorded: entry.instant("recordedtime"))
    }

    private func fine(_ data: View) -> String {
        let amount = data.integer("amount")
        let text = data.text("partyId") + " fined " + layout.amount(amount, data.text("currency"))
        guard let order = facts.order(of: data), order.amount > 0, order.currency == data.text("currency"),
            let share = share(amount, of: order.amount)
        else { return text }
        return text + " (\(share) of \(layout.decimal(order.amount, order.currency)))"
    }

    /// `2.00 %` where the amount is a share in whole basis points, rounded down as fines are.
    private func share(_ amount: Int64, of whole: Int64) -> String? {
        let points = (Int128(amount) * 10_000 + Int128(whole) - 1) / Int128(whole)
        guard points > 0, points <= 10_000, Int128(whole) * points / 10_000 == Int128(amount) else { return nil }
        let rest = points % 100
        return "\(points / 100).\(rest < 10 ? "0" : "")\(rest) %"
    }

    private func transfers(_ data: View) -> String {
        guard let list = data["transfers"], list.count > 0 else { return "no transfer" }
        let first = list.element(0)
        if list.count == 1 { return transfer(first) }
        var sum: Int64 = 0
        var isOneCurrency = true
        list.forEachElement { transfer in
            sum &+= transfer.integer("amount")
            if transfer.text("currency") != first.text("currency") { isOneCurrency = false }
        }
        let purpose = data.text("purpose").replacingDots
        let amount = isOneCurrency ? ", " + money(sum, first.text("currency")) + " together" : ""
        return "\(list.count) transfers (\(purpose))" + amount
    }

    private func transfer(_ transfer: View) -> String {
        let amount = money(transfer.integer("amount"), transfer.text("currency"))
        let debit = transfer.text("debitAccount")
        let credit = transfer.text("creditAccount")
        if let debtor = AccountWords.debtor(debit) { return "\(amount) noted as owed by \(debtor)" }
        if let debtor = AccountWords.debtor(credit) { return "\(amount) taken off what \(debtor) owes" }
        return "\(amount) from \(AccountWords.text(debit)) to \(AccountWords.text(credit))" + held(transfer)
    }

    private func held(_ transfer: View) -> String {
        let flags = transfer.texts("flags")
        if flags.contains("pending") { return ", set aside" }
        if flags.contains("voidPendingTransfer") { return ", given up" }
        return ""
    }

    private func timer(_ data: View) -> String {
        switch data.text("name") {
        case "deadline": return "the deadline passed"
        case "payment": return "the time to pay was over"
        case "completion": return "the time to complain was over"
        case "proposal": return "the time to vote was over"
        case "transfer.expiry": return "the transfer set aside expired"
        case let name: return "the timer `\(name)` ran out"
        }
    }

    private func closing(_ data: View) -> String {
        let currency = facts.order(of: data)?.currency ?? ""
        let refund = money(data.integer("refundAmount"), currency)
        switch data.text("outcome") {
        case "rejected": return "the complaint is closed: rejected"
        case "unresolved": return "the complaint is closed as unresolved; \(refund) go back to the buyer"
        case "partial": return "the complaint is closed: \(refund) go back to the buyer"
        default: return "the complaint is closed; \(refund) go back to the buyer"
        }
    }

    private func money(_ amount: Int64, _ currency: String) -> String {
        currency.isEmpty ? "\(amount)" : layout.amount(amount, currency)
    }

    // MARK: Templates

    /// Replaces `{name}` by the member's text, `{name$}` by an amount, `{name@}` by a time, with its year where
    /// that is not the year the entry was recorded in, `{name_}` by words, and `{name#}` by the number of elements; a part in `[…]` is left out where a member in it is absent.
    private func fill(_ template: String, _ data: View, recorded: Instant?) -> String {
        var result = ""
        for (index, part) in template.split(separator: "[", omittingEmptySubsequences: false).enumerated() {
            if index == 0 {
                result += filled(part, data, recorded).text
                continue
            }
            let halves = part.split(separator: "]", maxSplits: 1, omittingEmptySubsequences: false)
            let optional = filled(halves[0], data, recorded)
            if optional.isWhole { result += optional.text }
            if halves.count > 1 { result += filled(halves[1], data, recorded).text }
        }
        return result
    }

    private func filled(_ text: Substring, _ data: View, _ recorded: Instant?) -> (text: String, isWhole: Bool) {
        var result = ""
        var isWhole = true
        for (index, part) in text.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            if index == 0 {
                result += part
                continue
            }
            let halves = part.split(separator: "}", maxSplits: 1, omittingEmptySubsequences: false)
            if let value = value(String(halves[0]), data, recorded) { result += value } else { isWhole = false }
            if halves.count > 1 { result += halves[1] }
        }
        return (result, isWhole)
    }

    private func value(_ placeholder: String, _ data: View, _ recorded: Instant?) -> String? {
        let mark = placeholder.last
        let isMarked = mark.map { "$@_#".contains($0) } ?? false
        guard let member = data.member(isMarked ? String(placeholder.dropLast()) : placeholder) else { return nil }
        switch isMarked ? mark : nil {
        case "$": return money(member.int ?? 0, data["currency"]?.string ?? facts.order(of: data)?.currency ?? "")
        case "@": return member.string.flatMap { Instant(rfc3339: $0) }.map { layout.shortTime($0, present: recorded) }
        case "_": return member.string.map { Phrases.codes[$0] ?? $0.replacingUnderscores.replacingDots }
        case "#": return String(member.count)
        default: return member.string ?? member.int.map { String($0) } ?? ""
        }
    }
}

extension String {
    /// `escrow.hold` as `escrow hold`.
    var replacingDots: String { String(map { $0 == "." ? " " : $0 }) }
}
