package import AgentKit
import EventLog
import JSON
package import Rules

/// An event that passed the ingress: checked against its type and laid out in canonical form, with room left for what
/// only the writer knows (sequence, hash of the entry before, recorded time).
package final class PreparedEvent: Sendable {
    /// The canonical entry; the bytes at the holes are placeholders of the right length.
    package let bytes: [UInt8]
    package let holes: Holes
    package let type: EventType
    package let id: String
    package let source: String
    package let subject: String?
    /// The producer's `time`.
    package let time: Instant?
    package let correlation: String?
    package let traceParent: String?
    /// Its hash in the index of admitted events.
    package let idHash: UInt64
    /// The digest of the rule set whose types it was checked against.
    package let ruleSet: String
    /// Ranges of the compared content in `bytes`; nil where a member is absent.
    package let content: Content
    /// Why it cannot be recorded, only found again: its personal data is of a person whose data was erased, so it stands
    /// here without.
    package let refusal: Problem?

    init(
        bytes: [UInt8], holes: Holes, type: EventType, attributes: EventEncoder, ruleSet: String, content: Content,
        refusal: Problem?
    ) {
        self.bytes = bytes
        self.holes = holes
        self.type = type
        id = attributes.id
        source = attributes.source
        subject = attributes.subject
        time = attributes.time
        correlation = attributes.correlation
        traceParent = attributes.traceParent
        idHash = IdentifierHash.of(source: attributes.source, id: attributes.id)
        self.ruleSet = ruleSet
        self.content = content
        self.refusal = refusal
    }

    /// The members that must be the same where an id is sent again, as byte ranges.
    package struct Content: Sendable {
        package var subject: Range<Int>?
        package var dataSchema: Range<Int>?
        package var time: Range<Int>?
        package var data: Range<Int>?

        package init() {}
    }

    /// Byte offsets of what the writer fills in.
    package struct Holes: Sendable {
        /// 16 digits; nil where the producer gave a correlation id.
        package var correlation: Int?
        /// 44 base64 characters.
        package var previousHash = 0
        /// 24 characters.
        package var recordedTime = 0
        /// 16 digits.
        package var sequence = 0

        package init() {}

        func fill(_ bytes: inout [UInt8], sequence: EntrySequence, time: Instant, after chain: EntryChain) {
            unsafe bytes.withUnsafeMutableBytes { bytes in
                func room(_ offset: Int, _ count: Int) -> UnsafeMutableRawBufferPointer {
                    unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<offset + count])
                }
                if let correlation { unsafe sequence.write(into: room(correlation, 16)) }
                unsafe chain.writeHead(into: room(previousHash, 44))
                unsafe time.write(into: room(recordedTime, 24))
                unsafe sequence.write(into: room(self.sequence, 16))
            }
        }
    }

    /// Returns true if a recorded entry has this event's content.
    func hasContent(of entry: Document) -> Bool {
        let root = entry.root
        guard root["type"]?.equals(type.name) ?? false else { return false }
        return isSame(content.subject, root["subject"]) && isSame(content.dataSchema, root["dataschema"])
            && isSame(content.time, root["time"])
            && (refusal == nil ? isSame(content.data, root["data"]) : hasImpersonalData(of: root["data"]))
    }

    /// Returns true if recorded data is this event's but for personal members, which nobody can compare any more.
    private func hasImpersonalData(of recorded: View?) -> Bool {
        guard let range = content.data, let recorded, recorded.kind == .object,
            let own = try? Document(adopting: Array(bytes[range]))
        else { return false }
        var names: [String] = []
        var isSame = true
        recorded.forEachMember { name, value in
            guard !type.personalFields.contains(name) else { return }
            names.append(name)
            if own.root.member(name).map({ !$0.isSame(as: value) }) ?? true { isSame = false }
        }
        return isSame && own.root.count == names.count
    }

    private func isSame(_ range: Range<Int>?, _ recorded: View?) -> Bool {
        switch (range, recorded) {
        case (nil, nil): true
        case (.some(let range), .some(let recorded)):
            unsafe recorded.withCanonicalBytes { recorded in
                unsafe bytes.withUnsafeBytes { bytes in
                    unsafe recorded.elementsEqual(UnsafeRawBufferPointer(rebasing: bytes[range]))
                }
            }
        default: false
        }
    }

    /// The person under whose key personal data is sealed here, with the first member that is; nil where none is.
    var sealed: (person: String, member: String)? {
        guard !type.personalFields.isEmpty, let range = content.data,
            let data = (try? Document(adopting: Array(bytes[range])))?.root, let person = data["userId"]?.string,
            let member = type.personalFields.first(where: { data.member($0).map { !$0.isNull } ?? false })
        else { return nil }
        return (person, member)
    }

    /// A text of `data`.
    func dataText(_ name: StaticString) -> String? {
        guard let range = content.data, let data = try? Document(adopting: Array(bytes[range])) else { return nil }
        return data.root[name]?.string
    }
}
