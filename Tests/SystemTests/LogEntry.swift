import Foundation

/// An entry of an exported log.
struct LogEntry: Decodable {
    let sequence: String
    let id: String
    let source: String
    let type: String
    let causationid: String?
    let authid: String?
    let rule: String?
    let ruleset: String?
    let because: String?

    var number: Int { Int(sequence) ?? -1 }
    /// Whether it came from outside.
    var isTrigger: Bool { authid != nil && authid != "ledger" && authid != "clock" }

    static func read(_ export: String) throws -> [LogEntry] {
        let decoder = JSONDecoder()
        return try export.split(separator: "\n").map { try decoder.decode(LogEntry.self, from: Data($0.utf8)) }
    }
}

/// A result that `docket append --json` printed.
struct AppendLine: Decodable {
    let line: Int
    let status: String
    let sequence: Int?
    let id: String?
    let hash: String?
    let decisions: [Decision]?
    let problem: Problem?

    struct Problem: Decodable {
        let type: String
        /// The last part of the type.
        var name: String { String(type.split(separator: ":").last ?? "") }
    }

    struct Decision: Decodable {
        let sequence: Int
        let type: String
    }

    static func read(_ output: String) throws -> [AppendLine] {
        let decoder = JSONDecoder()
        return try output.split(separator: "\n").map { try decoder.decode(AppendLine.self, from: Data($0.utf8)) }
    }
}
