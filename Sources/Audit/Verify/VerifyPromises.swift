import Glibc

/// The attributes of an entry as text, where they lie.
@safe struct VerifyAttributes {
    private let bytes: UnsafeRawBufferPointer
    /// By reference: a copy at each question would cost more than the answers.
    private let fields: UnsafePointer<VerifyFields>

    /// The attributes of an entry; valid as long as both are.
    init(_ bytes: UnsafeRawBufferPointer, _ fields: UnsafePointer<VerifyFields>) {
        unsafe self.bytes = bytes
        unsafe self.fields = fields
    }

    /// A string's bytes between its quotation marks, escapes included; nil if there is no such string.
    subscript(_ name: VerifyFields.Name) -> UnsafeRawBufferPointer? {
        guard let range = unsafe fields.pointee[name] else { return nil }
        return unsafe UnsafeRawBufferPointer(rebasing: bytes[range])
    }

    func has(_ name: VerifyFields.Name) -> Bool { unsafe fields.pointee.has(name) }

    /// Returns true if there is such a string and it has these bytes.
    @inline(__always)
    func isEqual(_ name: VerifyFields.Name, _ text: StaticString) -> Bool {
        guard let found = unsafe self[name], found.count == text.utf8CodeUnitCount else { return false }
        return begins(name, text)
    }

    /// Returns true if two strings are the same, or both are not there.
    func isEqual(_ name: VerifyFields.Name, _ other: VerifyFields.Name) -> Bool {
        guard let one = unsafe self[name], let two = unsafe self[other] else { return !has(name) && !has(other) }
        return unsafe one.count == two.count && Self.begins(one, two)
    }

    /// Returns true if a string begins with these bytes.
    @inline(__always)
    func begins(_ name: VerifyFields.Name, _ text: StaticString) -> Bool {
        guard let found = unsafe self[name] else { return false }
        return unsafe Self.begins(
            found, UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Returns true if a text begins with another.
    static func begins(_ text: UnsafeRawBufferPointer, _ start: UnsafeRawBufferPointer) -> Bool {
        guard let a = text.baseAddress, let b = start.baseAddress else { return start.count == 0 }
        return unsafe text.count >= start.count && memcmp(a, b, start.count) == 0
    }

    /// A string as it is shown in findings.
    func shown(_ name: VerifyFields.Name) -> String {
        guard let text = unsafe self[name] else { return has(name) ? "another value" : "none" }
        return unsafe String(decoding: text.prefix(VerifyPromises.shownBytesMax), as: UTF8.self)
    }
}

/// The format's promises on who appended an entry, what caused it and why: triggers of producers, of the clock and of
/// the genesis, and decisions, each have attributes of their own.
struct VerifyPromises {
    static let becauseBytesMax = 1_024
    static let shownBytesMax = 200

    let entry: VerifyAttributes
    /// The entry's own sequence.
    let sequence: UInt64
    private(set) var findings: [(reason: VerifyResult.Reason, what: String, expected: String, found: String)] = []

    init(_ entry: VerifyAttributes, sequence: UInt64) {
        self.entry = entry
        self.sequence = sequence
    }

    /// Checks all promises.
    mutating func check() {
        for name in VerifyFields.Name.promised where unsafe entry.has(name) && entry[name] == nil {
            refuse(name, "a string")
        }
        require(.correlationid, "a string")
        entry.has(.agent) ? checkDecision() : checkTrigger()
        checkCause()
        checkSubject()
    }

    private mutating func checkDecision() {
        forbid(.authid, "none in a decision")
        forbid(.time, "none in a decision")
        require(.ruleset, "the digest of the rule set")
        require(.causationid, "the sequence of the cause")
        ownIdentifier()
        if entry.isEqual(.agent, "engine") {
            forbid(.rule, "none in a decision of the engine")
            require(.source, is: "/engine")
        } else if let agent = unsafe entry[.agent] {
            unsafe checkAgent(agent)
        }
        if let because = unsafe entry[.because] {
            let count = unsafe Self.byteCount(because)
            if count > Self.becauseBytesMax {
                refuse(.because, "at most \(Self.becauseBytesMax) bytes", found: "\(count) bytes")
            }
        }
    }

    /// A rule's decision comes from its agent, and the rule is one of the agent's.
    private mutating func checkAgent(_ agent: UnsafeRawBufferPointer) {
        let folder: StaticString = "/agents/"
        let prefix = folder.utf8CodeUnitCount
        let isSource =
            unsafe entry.begins(.source, folder) && entry[.source]!.count == prefix + agent.count
            && VerifyAttributes.begins(UnsafeRawBufferPointer(rebasing: entry[.source]![prefix...]), agent)
        if !isSource { refuse(.source, "/agents/" + entry.shown(.agent)) }
        guard let rule = unsafe entry[.rule], rule.count > agent.count + 1,
            unsafe VerifyAttributes.begins(rule, agent), unsafe rule[agent.count] == UInt8(ascii: "/")
        else { return refuse(.rule, entry.shown(.agent) + "/…") }
    }

    private mutating func checkTrigger() {
        require(.authid, "the principal who appended it")
        for name: VerifyFields.Name in [.rule, .ruleset, .because] { forbid(name, "none in a trigger") }
        let isClock = entry.isEqual(.authid, "clock")
        if isClock || entry.isEqual(.authid, "ledger") {
            require(.source, is: isClock ? "/clock" : "/engine")
            ownIdentifier()
            forbid(.time, "none in a trigger of the ledger itself")
        }
        if isClock, entry.isEqual(.type, "timer.fired") || entry.isEqual(.type, "schedule.item") {
            return require(.causationid, "the sequence of the cause")
        }
        forbid(.causationid, "none in a trigger")
    }

    /// A cause comes before its effect.
    private mutating func checkCause() {
        guard let text = unsafe entry[.causationid] else { return }
        guard let cause = unsafe VerifyEntryReader.sequence(text) else { return refuse(.causationid, "16 digits") }
        if cause >= sequence { refuse(.causationid, "a sequence below \(sequence)", .order) }
    }

    /// Entries of timers have the timer's key for a subject, items theirs, entries of rule sets the file's name or the
    /// digest.
    private mutating func checkSubject() {
        guard let named = Self.subjectMember(entry) else { return }
        let isEmpty = unsafe entry[named]?.isEmpty ?? true
        if isEmpty ? unsafe entry[.subject]?.isEmpty == false : !entry.isEqual(.subject, named) {
            refuse(.subject, entry.shown(named))
        }
    }

    /// The member of `data` that an entry's subject repeats; nil if its type asks for none.
    static func subjectMember(_ entry: VerifyAttributes) -> VerifyFields.Name? {
        if entry.begins(.type, "timer.") {
            let types: [StaticString] = ["timer.scheduled", "timer.cancelled", "timer.fired"]
            return types.contains { entry.isEqual(.type, $0) } ? .dataKey : nil
        }
        if entry.isEqual(.type, "schedule.item") { return .dataKey }
        if entry.isEqual(.type, "ruleset.file.added") { return .dataFile }
        return entry.isEqual(.type, "ruleset.activated") ? .dataDigest : nil
    }

    /// An entry that the ledger made itself has its sequence for an id.
    private mutating func ownIdentifier() {
        if !entry.isEqual(.id, .sequence) { refuse(.id, entry.shown(.sequence)) }
    }

    private mutating func require(_ name: VerifyFields.Name, _ expected: String) {
        if unsafe entry[name]?.isEmpty ?? !entry.has(name) { refuse(name, expected) }
    }

    private mutating func require(_ name: VerifyFields.Name, is text: StaticString) {
        if !entry.isEqual(name, text) { refuse(name, "\(text)") }
    }

    private mutating func forbid(_ name: VerifyFields.Name, _ expected: String) {
        if entry.has(name) { refuse(name, expected) }
    }

    private mutating func refuse(
        _ name: VerifyFields.Name, _ expected: String, _ reason: VerifyResult.Reason = .form, found: String? = nil
    ) {
        findings.append((reason, "\(name.text)", expected, found ?? entry.shown(name)))
    }

    /// The number of bytes of a canonical string without its escapes.
    private static func byteCount(_ text: UnsafeRawBufferPointer) -> Int {
        guard unsafe text.contains(UInt8(ascii: "\\")) else { return text.count }
        return unsafe VerifyText.unescaped(Array(text)).count
    }
}
