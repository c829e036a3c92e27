import AgentKit
import JSON

/// Comparison of a derived cascade with the recorded one, entry by entry.
///
/// Each entry carries the hash of the one before, so that behind the first difference all are different byte for byte.
/// There, entries count as the same if they are but for that hash, and where entries were left out or put in, but for
/// the numbers that follow from it.
struct CascadeComparison {
    let derived: [Document]
    let recorded: [Document]
    /// The sequence of the first entry of both.
    let first: UInt64

    /// Entries looked through for one that was moved.
    private static let reach = 64

    func differences() -> [RecomputeDifference] {
        var found: [RecomputeDifference] = []
        var (i, j) = (0, 0)
        while i < derived.count || j < recorded.count {
            if i < derived.count, j < recorded.count {
                if Self.isSame(derived[i], recorded[j], isNumbered: i == j) {
                    (i, j) = (i + 1, j + 1)
                } else if let count = (1..<Self.reach).first(where: { matches(i, j + $0) }) {
                    for _ in 0..<count {
                        found.append(added(j))
                        j += 1
                    }
                } else if let count = (1..<Self.reach).first(where: { matches(i + $0, j) }) {
                    for _ in 0..<count {
                        found.append(missing(i, before: j))
                        i += 1
                    }
                } else {
                    found.append(changed(i, j))
                    (i, j) = (i + 1, j + 1)
                }
            } else if i < derived.count {
                found.append(missing(i, before: j))
                i += 1
            } else {
                found.append(added(j))
                j += 1
            }
        }
        if !found.isEmpty { found[0].money = MovedMoney.differences(derived: derived, recorded: recorded) }
        return found
    }

    private func matches(_ i: Int, _ j: Int) -> Bool {
        i < derived.count && j < recorded.count && Self.isSame(derived[i], recorded[j], isNumbered: false)
    }

    private static let links: Set = ["previoushash"]
    private static let numbers: Set = ["previoushash", "sequence", "id", "causationid"]

    /// - Parameter isNumbered: whether both must carry the same numbers.
    private static func isSame(_ derived: Document, _ recorded: Document, isNumbered: Bool) -> Bool {
        let ignored = isNumbered ? links : numbers
        var members: [(String, View)] = []
        derived.root.forEachMember { name, value in
            if !ignored.contains(name) { members.append((name, value)) }
        }
        var index = 0
        var isSame = true
        recorded.root.forEachMember { name, value in
            guard isSame, !ignored.contains(name) else { return }
            guard index < members.count, members[index].0.utf8.elementsEqual(name.utf8),
                members[index].1.isSame(as: value)
            else {
                isSame = false
                return
            }
            index += 1
        }
        return isSame && index == members.count
    }

    // MARK: Words

    private func changed(_ i: Int, _ j: Int) -> RecomputeDifference {
        let (type, other) = (derived[i].root.text("type"), recorded[j].root.text("type"))
        let given = type == other ? "give another `\(type)`" : "give `\(type)` here, not `\(other)`"
        return RecomputeDifference(
            sequence: first + UInt64(j), kind: .changed,
            what: "the rules \(given): \(Self.words(derived[i], recorded[j]))",
            expected: Self.text(derived[i]), found: Self.text(recorded[j]))
    }

    private func missing(_ i: Int, before j: Int) -> RecomputeDifference {
        RecomputeDifference(
            sequence: first + UInt64(j), kind: .missing,
            what: "the rules give `\(derived[i].root.text("type"))` here, which the log lacks",
            expected: Self.text(derived[i]), found: "")
    }

    private func added(_ j: Int) -> RecomputeDifference {
        RecomputeDifference(
            sequence: first + UInt64(j), kind: .added,
            what: "the rules do not give this `\(recorded[j].root.text("type"))`",
            expected: "", found: Self.text(recorded[j]))
    }

    private static func text(_ entry: Document) -> String { String(decoding: entry.bytes, as: UTF8.self) }

    /// The members that differ, as pointers, with both values where they are short.
    private static func words(_ derived: Document, _ recorded: Document) -> String {
        var words: [String] = []
        compare(derived.root, recorded.root, "", &words)
        let shown = words.prefix(4).joined(separator: "; ")
        return words.count > 4 ? "\(shown); and \(words.count - 4) more" : shown
    }

    private static func compare(_ derived: View, _ recorded: View, _ pointer: String, _ words: inout [String]) {
        guard derived.kind == .object, recorded.kind == .object else {
            if !derived.isSame(as: recorded) { words.append("\(pointer) \(short(derived)), not \(short(recorded))") }
            return
        }
        derived.forEachMember { name, value in
            if pointer.isEmpty, links.contains(name) { return }
            guard let other = recorded.member(name) else {
                return words.append("\(pointer)/\(name) \(short(value)) is missing")
            }
            compare(value, other, pointer + "/" + name, &words)
        }
        recorded.forEachMember { name, value in
            if derived.member(name) == nil { words.append("\(pointer)/\(name) \(short(value)) should not be there") }
        }
    }

    private static let shortBytesMax = 80

    private static func short(_ value: View) -> String {
        let text = unsafe value.withCanonicalBytes { unsafe String(decoding: $0.prefix(shortBytesMax), as: UTF8.self) }
        return text.utf8.count < shortBytesMax ? text : text + "…"
    }
}
