package import AgentKit
import EventLog
package import JSON

extension Layout {
    /// One entry laid out for reading: when, who, why, and its data.
    package func sheet(ofEntry entry: View, bytes: [UInt8]) -> String {
        var sheet = Sheet(self, currency: entry["data"]?["currency"]?.string)
        sheet.add("entry", "#\(entry.sequence)  \(entry.text("type"))")
        sheet.add("recorded", recordedTime(of: entry))
        if let subject = entry["subject"]?.string { sheet.add("subject", subject) }
        if let authority = entry["authid"]?.string { sheet.add("appended by", authority) }
        if let rule = entry["rule"]?.string { sheet.add("decided by", rule) }
        if let because = entry["because"]?.string { sheet.add("because", because) }
        if let cause = entry["causationid"]?.string.flatMap({ EntrySequence(padded: $0) }) {
            sheet.add("caused by", "\(cause)")
        }
        sheet.add("source and id", "\(entry.text("source"))  \(entry.text("id"))")
        if let ruleSet = entry["ruleset"]?.string { sheet.add("rule set", Self.shortened(hash: ruleSet)) }
        sheet.add("hash", Self.shortened(hash: EntryChain.hashText(of: bytes)))
        if let data = entry["data"], data.count > 0 {
            sheet.addHeading("data")
            sheet.add(data, amounts: amounts(of: entry.text("type")), indent: 1)
        }
        return VisibleText.page(sheet.lines)
    }

    /// A record of a projection laid out for reading.
    /// - Parameters:
    ///   - amounts: those in it.
    ///   - currency: of amounts whose record names none.
    package func sheet(ofRecord record: View, amounts: AmountMembers = .none, currency: String?) -> String {
        var sheet = Sheet(self, currency: currency)
        sheet.add(record, amounts: amounts)
        return VisibleText.page(sheet.lines)
    }
}
