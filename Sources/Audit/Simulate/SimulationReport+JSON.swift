import AgentKit
package import JSON

/// The forms of a report for programs.
extension SimulationReport {
    /// Accounts listed in the form that is signed.
    private static let signedAccountsMax = 1000
    private static let signedNotAdmittedMax = 100

    /// `{accounts, changed, currencies, differences, entries, failIf, firings, from, gained, largest, lost, notAdmitted,
    /// notAdmittedCount, origin, reasons, root, ruleSet, to, types, with, without}` on one line without a line feed.
    package var json: [UInt8] { written(isWhole: true) }

    /// The form that is signed: without `differences` and `largest`, which hold entries.
    package var signedJSON: [UInt8] { written(isWhole: false) }

    private func written(isWhole: Bool) -> [UInt8] {
        var writer = CanonicalWriter(capacity: 4096)
        writer.beginObject()
        writer.key("accounts")
        writer.list(accounts.prefix(isWhole ? .max : Self.signedAccountsMax)) { $0.write(to: &$1) }
        writer.key("accountsCount")
        writer.int(Int64(accounts.count))
        writer.key("changed")
        writer.int(Int64(changed))
        writer.key("currencies")
        writeCurrencies(to: &writer)
        if isWhole {
            writer.key("differences")
            writer.list(differences) { $0.write(to: &$1) }
        }
        writer.key("entries")
        writer.beginObject()
        writer.key("recorded")
        writer.int(Int64(clamping: to))
        writer.key("simulated")
        writer.int(Int64(clamping: simulatedEntries))
        writer.endObject()
        writer.key("failIf")
        if let failIf {
            writer.beginObject()
            writer.key("expression")
            writer.string(failIf.expression)
            writer.key("failed")
            writer.bool(failIf.failed)
            writer.endObject()
        } else {
            writer.null()
        }
        writer.key("firings")
        writer.beginObject()
        writer.key("gained")
        writer.int(Int64(firings.gained))
        writer.key("lost")
        writer.int(Int64(firings.lost))
        writer.key("moved")
        writer.int(Int64(firings.moved))
        writer.endObject()
        writer.key("from")
        writer.int(Int64(clamping: from))
        writer.key("gained")
        writer.int(Int64(gained))
        if isWhole {
            writer.key("largest")
            writer.list(largest) { $0.write(to: &$1) }
        }
        writer.key("lost")
        writer.int(Int64(lost))
        writeTail(to: &writer, isWhole: isWhole)
        writer.endObject()
        return writer.bytes
    }

    private func writeTail(to writer: inout CanonicalWriter, isWhole: Bool) {
        writer.key("notAdmitted")
        writer.list(notAdmitted.prefix(isWhole ? .max : Self.signedNotAdmittedMax)) { item, writer in
            writer.beginObject()
            writer.key("sequence")
            writer.int(Int64(clamping: item.sequence))
            writer.key("type")
            writer.string(item.type)
            writer.key("why")
            writer.string(item.why)
            writer.endObject()
        }
        writer.key("notAdmittedCount")
        writer.int(Int64(notAdmittedCount))
        writer.key("origin")
        writer.string(origin)
        writer.key("reasons")
        writer.int(Int64(reasons))
        writer.key("root")
        writer.string(root)
        writer.key("ruleSet")
        if let ruleSet { writer.string(ruleSet) } else { writer.null() }
        writer.key("to")
        writer.int(Int64(clamping: to))
        writer.key("types")
        writer.beginObject()
        for (type, counts) in types.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            writer.key(type)
            writer.beginObject()
            writer.key("changed")
            writer.int(Int64(counts.changed))
            writer.key("gained")
            writer.int(Int64(counts.gained))
            writer.key("lost")
            writer.int(Int64(counts.lost))
            writer.endObject()
        }
        writer.endObject()
        writer.key("with")
        writer.list(with) { item, writer in
            writer.beginObject()
            writer.key("events")
            writer.list(item.events) { $1.string($0) }
            writer.key("sequence")
            writer.int(Int64(clamping: item.sequence))
            writer.endObject()
        }
        writer.key("without")
        writer.list(without) { $1.int(Int64(clamping: $0)) }
    }

    private func writeCurrencies(to writer: inout CanonicalWriter) {
        writer.beginObject()
        for item in currencies {
            writer.key(item.currency)
            writer.beginObject()
            writer.key("accounts")
            writer.int(Int64(item.accounts))
            writer.key("moved")
            item.moved.write(to: &writer)
            writer.key("recorded")
            item.recorded.write(to: &writer)
            writer.key("simulated")
            item.simulated.write(to: &writer)
            writer.endObject()
        }
        writer.endObject()
    }
}

extension SimulationReport.AccountDifference {
    /// `{account, currency, difference, recorded, simulated}`.
    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("account")
        writer.string(account)
        writer.key("currency")
        writer.string(currency)
        writer.key("difference")
        difference.write(to: &writer)
        writer.key("recorded")
        recorded.write(to: &writer)
        writer.key("simulated")
        simulated.write(to: &writer)
        writer.endObject()
    }
}

extension SimulationReport.Difference {
    /// `{kind, recorded, simulated, subject, type}`; the worlds' entries, or null.
    package func write(to writer: inout CanonicalWriter) {
        let entry = (recorded ?? simulated)?.root
        writer.beginObject()
        writer.key("kind")
        writer.string(kind)
        writer.key("recorded")
        if let recorded { writer.value(recorded.root) } else { writer.null() }
        writer.key("simulated")
        if let simulated { writer.value(simulated.root) } else { writer.null() }
        writer.key("subject")
        if let subject = entry?["subject"]?.string { writer.string(subject) } else { writer.null() }
        writer.key("type")
        writer.string(entry?.text("type") ?? "")
        writer.endObject()
    }
}

extension SimulationReport.Trigger {
    /// `{count, differences, isRecorded, money, trigger}`.
    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("count")
        writer.int(Int64(count))
        writer.key("differences")
        writer.list(differences) { $0.write(to: &$1) }
        writer.key("isRecorded")
        writer.bool(isRecorded)
        writer.key("money")
        writer.list(money) { item, writer in
            writer.beginObject()
            writer.key("account")
            writer.string(item.account)
            writer.key("recorded")
            item.recorded.write(to: &writer)
            writer.key("simulated")
            item.derived.write(to: &writer)
            writer.endObject()
        }
        writer.key("trigger")
        if let entry { writer.value(entry.root) } else { writer.null() }
        writer.endObject()
    }
}
