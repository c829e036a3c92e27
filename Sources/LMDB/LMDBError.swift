import CLMDB
import Glibc

/// The failure of a storage call: LMDB's or the system's code, the call and the table.
package struct LMDBError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reasons that a caller can act on; everything else is `other`.
    package enum Code: Hashable, Sendable {
        /// The memory map is full: the environment must be opened again with a larger map size.
        case mapFull
        /// The file system has no space, or the quota is used up.
        case noSpace
        /// The key exists already, or an appended key is not above the last one.
        case keyExists
        /// The table does not exist.
        case noTable
        /// All reader slots are in use.
        case readersFull
        /// The file is not an LMDB environment, or is damaged or of another version; says where and what was found.
        case damaged
        /// The environment failed while its meta page was written and must be opened again.
        case panic
        /// Another process has grown the map; the environment must be opened again.
        case mapResized
        /// The transaction has too many dirty pages.
        case transactionFull
        /// The key is empty or longer than 511 bytes, or the value too long.
        case badSize
        /// The path does not exist.
        case noFile
        /// The process may not open the file.
        case noPermission
        /// A writer was requested while this process has the environment open for reading only.
        case openForReading
        /// Any other code.
        case other
    }

    /// The reason, for decisions.
    package let code: Code
    /// LMDB's return code (negative) or the errno (positive).
    package let raw: Int32
    /// The call that failed: `commit`, `put`, `open` and so on.
    package let operation: String
    /// The name of the table, if one was involved.
    package let table: String?
    /// The file and the finding in it, if known.
    private let place: Place?

    private struct Place: Hashable, Sendable {
        let path: String
        let found: String
    }

    /// An error from a raw return code.
    package init(_ raw: Int32, _ operation: StaticString, table: String? = nil) {
        self.raw = raw
        self.operation = operation.description
        self.table = table
        place = nil
        code = Self.code(raw)
    }

    /// A file that does not hold what was written to it.
    package static func damaged(_ path: String, _ found: String) -> LMDBError { LMDBError(path, found) }

    private init(_ path: String, _ found: String) {
        raw = MDB_CORRUPTED
        operation = "read"
        table = nil
        code = .damaged
        place = Place(path: path, found: found)
    }

    init(_ code: Code, _ operation: StaticString) {
        raw = 0
        self.operation = operation.description
        table = nil
        place = nil
        self.code = code
    }

    private static func code(_ raw: Int32) -> Code {
        switch raw {
        case MDB_MAP_FULL: .mapFull
        case ENOSPC, EDQUOT, EFBIG: .noSpace
        case MDB_KEYEXIST: .keyExists
        case MDB_NOTFOUND: .noTable
        case MDB_READERS_FULL: .readersFull
        case MDB_INVALID, MDB_VERSION_MISMATCH, MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_INCOMPATIBLE, MDB_CURSOR_FULL:
            .damaged
        case MDB_PANIC: .panic
        case MDB_MAP_RESIZED: .mapResized
        case MDB_TXN_FULL: .transactionFull
        case MDB_BAD_VALSIZE: .badSize
        case ENOENT: .noFile
        case EACCES, EPERM, EROFS: .noPermission
        default: .other
        }
    }

    /// One line: the call, the table, LMDB's text and its code.
    package var description: String {
        if let place { return "data.mdb is damaged: \(place.found), in `\(place.path)`" }
        let place = table.map { " in table `\($0)`" } ?? ""
        if code == .damaged {
            let text = unsafe String(cString: mdb_strerror(raw))
            return "data.mdb is damaged: \(operation)\(place): \(text)"
        }
        if code == .openForReading { return "\(operation)\(place): this process has the environment open for reading" }
        let text = unsafe String(cString: mdb_strerror(raw))
        return "\(operation)\(place): \(text) (code \(raw))"
    }
}
