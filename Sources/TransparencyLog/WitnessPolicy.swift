/// A trust policy (c2sp.org/tlog-policy): the logs and witnesses that are known, and which witnesses together suffice.
package struct WitnessPolicy: Sendable {
    /// A witness of the policy.
    package struct Member: Hashable, Sendable {
        /// The name by which the policy's groups refer to it.
        package let name: String
        package let key: VerifierKey
        /// Where it is asked: the prefix to which `/add-checkpoint` is appended; nil if the policy names none.
        package let url: String?
    }

    /// A name's place in the quorum: a witness, or so many of the names before it.
    private enum Rule: Sendable {
        case witness(VerifierKey)
        case group(name: String, least: Int, members: [Int])
    }

    /// The longest policy that is read, in bytes.
    package static let bytesMax = 1 << 20
    /// The most logs, witnesses and groups together.
    package static let rulesMax = 1000

    /// The logs, any of which is accepted; empty if the log is known from elsewhere.
    package private(set) var logs: [VerifierKey] = []
    /// The witnesses.
    package private(set) var witnesses: [Member] = []
    private var rules: [Rule] = []
    /// The rule that must be met; nil for `quorum none`.
    private var quorum: Int?

    /// The policy that asks for every one of some witnesses.
    /// - Throws: `malformed` for a key that is no witness's, or given twice.
    package init(all keys: [VerifierKey]) throws(NoteError) {
        for key in keys {
            guard key.kind == .cosignature else { throw .malformed("`\(key.name)` is a log's key, not a witness's") }
            guard !witnesses.contains(where: { $0.key.publicKey == key.publicKey }) else {
                throw .malformed("the witness `\(key.name)` is named twice")
            }
            witnesses.append(Member(name: key.name, key: key, url: nil))
            rules.append(.witness(key))
        }
        guard !rules.isEmpty else { return }
        rules.append(.group(name: "all", least: rules.count, members: Array(rules.indices)))
        quorum = rules.count - 1
    }

    /// Reads a policy file.
    /// - Throws: `PolicyError` with the line of what is wrong.
    package init(_ bytes: [UInt8]) throws(PolicyError) {
        guard bytes.count <= Self.bytesMax else { throw PolicyError(1, "the policy has more than 1 MiB") }
        var reader = PolicyReader()
        var lines = TextLines(bytes[...])
        while let line = lines.next() { try reader.read(line) }
        guard lines.remaining.isEmpty else {
            throw PolicyError(reader.line + 1, "the line does not end in a line feed")
        }
        guard reader.hasQuorum else { throw PolicyError(reader.line + 1, "there is no line `quorum NAME`") }
        logs = reader.logs
        witnesses = reader.witnesses
        quorum = reader.quorum
        rules = reader.rules.map { rule in
            switch rule.content {
            case .witness(let key): .witness(key)
            case .group(let least, let members): .group(name: rule.name, least: least, members: members)
            }
        }
    }

    /// The reason why a log's checkpoints cannot be judged by this policy; nil if they can.
    package func refuses(_ log: VerifierKey) -> String? {
        if !logs.isEmpty, !logs.contains(log) { return "it does not list the log's key \(log)" }
        for witness in witnesses {
            if let why = witness.key.mayWitness(log) { return "`\(witness.key.name)` cannot witness the log: \(why)" }
        }
        return nil
    }

    /// Returns whether the witnesses who cosigned suffice.
    package func isMet(by cosigners: [VerifierKey]) -> Bool {
        guard let quorum else { return true }
        // A group names only rules before it.
        var met: [Bool] = []
        for rule in rules {
            switch rule {
            case .witness(let key): met.append(cosigners.contains(key))
            case .group(_, let least, let members): met.append(members.count { met[$0] } >= least)
            }
        }
        return met[quorum]
    }

    /// Words for what is asked: `3 of 5 (group `X`)`, a witness's name, or `none`.
    package var asked: String {
        guard let quorum else { return "none" }
        switch rules[quorum] {
        case .witness(let key): return "the witness \(key.name)"
        case .group(let name, let least, let members): return "\(least) of \(members.count) (group `\(name)`)"
        }
    }
}

/// The reason why a policy file is refused.
package struct PolicyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    package let line: Int
    package let what: String

    init(_ line: Int, _ what: String) {
        self.line = line
        self.what = what
    }

    /// `line: what`
    package var description: String { "\(line): \(what)" }
}

/// Reads a policy's lines in order. A line may name only what lines before it define.
private struct PolicyReader {
    enum Content {
        case witness(VerifierKey)
        case group(least: Int, members: [Int])
    }

    /// Names are bytes: those that look alike are different.
    var rules: [(name: String, content: Content)] = []
    var logs: [VerifierKey] = []
    var witnesses: [WitnessPolicy.Member] = []
    var quorum: Int?
    var hasQuorum = false
    var line = 0
    private var listed: Set<Int> = []

    mutating func read(_ bytes: ArraySlice<UInt8>) throws(PolicyError) {
        line += 1
        guard !bytes.contains(where: { $0 == 0x7F || ($0 < 0x20 && $0 != 0x09) }) else {
            throw error("it holds a control character (a carriage return?)")
        }
        let words = bytes.split { $0 == 0x20 || $0 == 0x09 }
        guard let first = words.first, first.first != UInt8(ascii: "#") else { return }
        var texts: [String] = []
        for word in words {
            guard let text = word.text else { throw error("it is not UTF-8") }
            texts.append(text)
        }
        guard logs.count + rules.count < WitnessPolicy.rulesMax else {
            throw error("there are more than \(WitnessPolicy.rulesMax) logs, witnesses and groups")
        }
        switch texts[0] {
        case "log": try readLog(texts)
        case "witness": try readWitness(texts)
        case "group": try readGroup(texts)
        case "quorum": try readQuorum(texts)
        default: throw error("`\(texts[0])` is none of `log`, `witness`, `group`, `quorum`")
        }
    }

    private mutating func readLog(_ words: [String]) throws(PolicyError) {
        guard (2...3).contains(words.count) else { throw error("a log is defined by `log VKEY [URL]`") }
        let key = try key(words[1])
        guard key.kind == .ed25519 else { throw error("`\(key.name)` is a witness's key, not a log's") }
        guard !logs.contains(where: { $0.publicKey == key.publicKey }) else {
            throw error("the key of `\(key.name)` is that of a log before")
        }
        logs.append(key)
        for witness in witnesses { try check(witness.key, key) }
    }

    private mutating func readWitness(_ words: [String]) throws(PolicyError) {
        guard (3...4).contains(words.count) else { throw error("a witness is defined by `witness NAME VKEY [URL]`") }
        try define(words[1])
        let key = try key(words[2])
        guard key.kind == .cosignature else { throw error("`\(key.name)` is a log's key, not a witness's") }
        guard !witnesses.contains(where: { $0.key.publicKey == key.publicKey }) else {
            throw error("the key of `\(key.name)` is that of a witness before")
        }
        for log in logs { try check(key, log) }
        witnesses.append(WitnessPolicy.Member(name: words[1], key: key, url: words.count > 3 ? words[3] : nil))
        rules.append((words[1], .witness(key)))
    }

    private mutating func readGroup(_ words: [String]) throws(PolicyError) {
        guard words.count >= 4 else { throw error("a group is defined by `group NAME K|any|all NAME…`") }
        try define(words[1])
        var members: [Int] = []
        for name in words[3...] {
            let member = try find(name)
            guard listed.insert(member).inserted else { throw error("`\(name)` is a member of a group already") }
            members.append(member)
        }
        let least: UInt64? =
            switch words[2] {
            case "any": 1
            case "all": UInt64(members.count)
            default: Decimal.parse(words[2].utf8)
            }
        guard let least, least >= 1, least <= UInt64(members.count) else {
            throw error("`\(words[2])` is not a number from 1 to \(members.count), `any` or `all`")
        }
        rules.append((words[1], .group(least: Int(least), members: members)))
    }

    private mutating func readQuorum(_ words: [String]) throws(PolicyError) {
        guard words.count == 2 else { throw error("the quorum is defined by `quorum NAME` or `quorum none`") }
        guard !hasQuorum else { throw error("there is a quorum already") }
        quorum = words[1] == "none" ? nil : try find(words[1])
        hasQuorum = true
    }

    private func define(_ name: String) throws(PolicyError) {
        guard name != "none" else { throw error("`none` is not a name for a witness or group") }
        guard index(name) == nil else { throw error("`\(name)` is defined already") }
    }

    private func find(_ name: String) throws(PolicyError) -> Int {
        guard let index = index(name) else { throw error("`\(name)` is not defined on a line before") }
        return index
    }

    private func index(_ name: String) -> Int? { rules.firstIndex { $0.name.hasSameBytes(as: name) } }

    private func key(_ text: String) throws(PolicyError) -> VerifierKey {
        do throws(NoteError) { return try VerifierKey(text) } catch { throw self.error("`\(text)`: \(error)") }
    }

    private func check(_ witness: VerifierKey, _ log: VerifierKey) throws(PolicyError) {
        if let why = witness.mayWitness(log) { throw error("`\(witness.name)` cannot witness `\(log.name)`: \(why)") }
    }

    private func error(_ what: String) -> PolicyError { PolicyError(line, what) }
}
