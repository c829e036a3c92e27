package import Audit
package import EventLog
import Glibc
import JSON

/// Comparison of the keys of persons with a log, for `docket verify --keys`: opens every sealed field. It changes
/// nothing and may run beside the service.
///
/// The order of reading makes that safe. Keys are on the disk before the entries that need them, so keys read after the
/// log's size lack none of these entries'. Erasures are in the log before keys are destroyed, so a log read after the
/// keys explains every key that was gone by then. A key that should be gone is looked for a second time, since the
/// service destroys it a moment after the commit.
package struct PersonKeyAudit {
    private let log: EventLog
    private let keys: String
    private let ledgerKey: [UInt8]
    private let seed: [UInt8]?
    private var holders: [[UInt8]: Holder]
    private var persons: [[UInt8]: Person] = [:]
    /// Decisions that pass sealed fields on: whose they are is known from what led to them.
    private var passedOn: [UInt64] = []
    private var fields: UInt64 = 0

    private static let erasure = BytePattern("\"erasure.completed\"")
    private static let sealing = BytePattern("\"sealed\":")
    private static let secondLookMicroseconds: UInt32 = 300_000

    /// What the keys' file says of a person.
    private struct Holder {
        /// Nil after an erasure.
        var key: [UInt8]?
        /// Indicates that some line holds a key, whatever came later.
        var hasKey = false
    }

    /// What the log says of a person.
    private struct Person {
        var missing = Places()
        var unreadable = Places()
        var isSealed = false
        var erased: UInt64?
    }

    private struct Places {
        var sequences: [UInt64] = []
        var count: UInt64 = 0

        mutating func note(_ sequence: UInt64) {
            guard sequences.last != sequence else { return }
            count += 1
            if sequences.count < VerifyKeys.Finding.sequencesMax { sequences.append(sequence) }
        }

        func finding(_ person: [UInt8], _ problem: VerifyKeys.Problem) -> VerifyKeys.Finding {
            VerifyKeys.Finding(
                userId: String(decoding: person, as: UTF8.self), problem: problem, sequences: sequences, count: count)
        }
    }

    /// Compares the keys in a folder with a log.
    /// - Parameter ledgerKey: the ledger's key for `PersonKeys.purpose`.
    /// - Throws: where the log cannot be read.
    package static func run(
        _ log: EventLog, keys: String, ledgerKey: [UInt8]
    ) throws(EventLogError) -> VerifyKeys {
        try log.refresh()
        let end = log.size
        let opened: Result<PersonKeyAudit, ServiceError> = .init { () throws(ServiceError) in
            try PersonKeyAudit(log, keys: keys, ledgerKey: ledgerKey)
        }
        switch opened {
        case .failure(let error): return damaged(error)
        case .success(var audit):
            try audit.read(to: end)
            do throws(ServiceError) { return try audit.second(look: audit.result(to: end)) } catch {
                return damaged(error)
            }
        }
    }

    private static func damaged(_ error: ServiceError) -> VerifyKeys {
        var result = VerifyKeys()
        result.damage = "\(error)"
        return result
    }

    private init(_ log: EventLog, keys: String, ledgerKey: [UInt8]) throws(ServiceError) {
        self.log = log
        self.keys = keys
        self.ledgerKey = ledgerKey
        seed = try PersonSeed.read(directory: keys, ledgerKey: ledgerKey)
        holders = try Self.holders(keys, ledgerKey)
    }

    private static func holders(_ keys: String, _ ledgerKey: [UInt8]) throws(ServiceError) -> [[UInt8]: Holder] {
        var holders: [[UInt8]: Holder] = [:]
        for record in try PersonKeyFile.records(directory: keys, ledgerKey: ledgerKey) {
            holders[Array(record.userId.utf8), default: Holder()].key = record.key
            if record.key != nil { holders[Array(record.userId.utf8)]?.hasKey = true }
        }
        return holders
    }

    // MARK: Reading

    private mutating func read(to end: UInt64) throws(EventLogError) {
        var audit = self
        unsafe try log.scan(from: 0) { sequence, bytes in
            let mayErase = unsafe Self.erasure.isFound(in: bytes)
            let maySeal = unsafe sequence < end && Self.sealing.isFound(in: bytes)
            guard mayErase || maySeal, let entry = (try? unsafe Document(canonical: bytes))?.root else { return true }
            audit.take(entry, sequence, isSealed: maySeal)
            return true
        }
        for sequence in audit.passedOn {
            guard let entry = try log.entry(sequence).flatMap({ try? Document(adopting: $0) })?.root,
                let person = try Self.person(behind: entry, in: log)
            else { continue }
            audit.open(entry["data"], of: person, sequence)
        }
        self = audit
    }

    private mutating func take(_ entry: View, _ sequence: UInt64, isSealed: Bool) {
        let person = entry["data"]?["userId"]?.string.map { Array($0.utf8) }
        if entry["type"]?.isString("erasure.completed") ?? false, let person {
            if persons[person]?.erased == nil { persons[person, default: Person()].erased = sequence }
            return
        }
        guard isSealed else { return }
        guard entry["causationid"] == nil else { return passedOn.append(sequence) }
        if let person { open(entry["data"], of: person, sequence) }
    }

    /// The person in the event that led to a decision.
    private static func person(behind entry: View, in log: EventLog) throws(EventLogError) -> [UInt8]? {
        var entry = entry
        while let text = entry["causationid"]?.string, let cause = UInt64(text), cause < log.size,
            let earlier = try log.entry(cause).flatMap({ try? Document(adopting: $0) })?.root
        {
            // A forged log may lead round in circles.
            guard let own = entry["sequence"]?.string.flatMap({ UInt64($0) }), cause < own else { return nil }
            entry = earlier
        }
        return entry["data"]?["userId"]?.string.map { Array($0.utf8) }
    }

    /// Opens every sealed field of a value.
    private mutating func open(_ value: View?, of person: [UInt8], _ sequence: UInt64) {
        guard let value, value.kind == .object || value.kind == .array else { return }
        if value.kind == .object, value.count == 2, value["commitment"] != nil, value["sealed"] != nil {
            return check(value, of: person, sequence)
        }
        for child in value.children { open(child, of: person, sequence) }
    }

    private mutating func check(_ field: View, of person: [UInt8], _ sequence: UInt64) {
        fields += 1
        persons[person, default: Person()].isSealed = true
        let holder = holders[person]
        guard let key = holder == nil ? seed.map({ Self.key(of: person, $0) }) : holder?.key else {
            persons[person]?.missing.note(sequence)
            return
        }
        if PersonalValue.opened(field, with: key) == nil { persons[person]?.unreadable.note(sequence) }
    }

    private static func key(of person: [UInt8], _ seed: [UInt8]) -> [UInt8] {
        PersonSeed.key(of: String(decoding: person, as: UTF8.self), seed: seed)
    }

    // MARK: Judging

    private func result(to end: UInt64) -> VerifyKeys {
        var result = VerifyKeys()
        result.fields = fields
        for (id, person) in persons {
            if person.isSealed { result.persons += 1 }
            if let erased = person.erased {
                result.erased += 1
                guard erased < end, hasKey(id) else { continue }
                result.findings.append(Places(sequences: [erased], count: 1).finding(id, .outlived))
                continue
            }
            if person.missing.count > 0 { result.findings.append(person.missing.finding(id, .missing)) }
            if person.unreadable.count > 0 { result.findings.append(person.unreadable.finding(id, .unreadable)) }
        }
        for (id, holder) in holders where holder.key == nil && persons[id]?.erased == nil {
            guard persons[id]?.missing.count ?? 0 == 0 else { continue }
            result.findings.append(Places().finding(id, .unrecorded))
        }
        result.findings.sort { $0.userId.utf8.lexicographicallyPrecedes($1.userId.utf8) }
        return result
    }

    /// Indicates that a person's key can be had: a line holds it, or it follows from the seed.
    private func hasKey(_ person: [UInt8]) -> Bool { holders[person].map(\.hasKey) ?? (seed != nil) }

    /// The same result, less the keys that were destroyed meanwhile.
    private mutating func second(look result: VerifyKeys) throws(ServiceError) -> VerifyKeys {
        guard result.findings.contains(where: { $0.problem == .outlived }) else { return result }
        _ = usleep(Self.secondLookMicroseconds)
        holders = try Self.holders(keys, ledgerKey)
        var result = result
        result.findings.removeAll { $0.problem == .outlived && !hasKey(Array($0.userId.utf8)) }
        return result
    }
}
