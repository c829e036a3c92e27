/// The records of a CSV text (RFC 4180): fields between commas, in quotes where they hold a comma, a quote (doubled) or a
/// line break. Lines end with LF or CRLF; a byte order mark before the first one is passed over.
struct CSVRecords {
    struct Record {
        /// The line on which it begins, from 1.
        let line: Int
        let fields: [String]
    }

    private static let recordBytesMax = 1 << 16

    private let bytes: [UInt8]
    private var place = 0
    private var line = 1

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    }

    /// The next record that is not blank; nil at the end.
    /// - Throws: `Statement.Failure` for quotes that are not closed or stand within a field, for text that is not UTF-8,
    ///   and for a record of more than 64 KiB.
    mutating func next() throws(Statement.Failure) -> Record? {
        while place < bytes.count {
            let first = line
            var fields: [String] = []
            let start = place
            repeat {
                fields.append(try field())
                guard place - start <= Self.recordBytesMax else {
                    throw Statement.Failure(line: first, message: "longer than \(Self.recordBytesMax) bytes")
                }
            } while takeComma()
            endLine()
            if fields != [""] { return Record(line: first, fields: fields) }
        }
        return nil
    }

    private mutating func takeComma() -> Bool {
        guard place < bytes.count, bytes[place] == UInt8(ascii: ",") else { return false }
        place += 1
        return true
    }

    private mutating func endLine() {
        if place < bytes.count, bytes[place] == UInt8(ascii: "\r") { place += 1 }
        if place < bytes.count, bytes[place] == UInt8(ascii: "\n") { place += 1 }
        line += 1
    }

    /// Indicates that a record ends here.
    private var isAtEnd: Bool {
        guard place < bytes.count, bytes[place] != UInt8(ascii: "\n") else { return true }
        return bytes[place] == UInt8(ascii: "\r")
            && (place + 1 == bytes.count || bytes[place + 1] == UInt8(ascii: "\n"))
    }

    private mutating func field() throws(Statement.Failure) -> String {
        if place < bytes.count, bytes[place] == UInt8(ascii: "\"") { return try quotedField() }
        let start = place
        while !isAtEnd, bytes[place] != UInt8(ascii: ",") {
            guard bytes[place] != UInt8(ascii: "\"") else {
                throw Statement.Failure(line: line, message: "a quote within a field that does not begin with one")
            }
            place += 1
        }
        return try text(bytes[start..<place])
    }

    private mutating func quotedField() throws(Statement.Failure) -> String {
        let first = line
        var value: [UInt8] = []
        place += 1
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "\"") {
                guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else {
                    guard isAtEnd || bytes[place] == UInt8(ascii: ",") else {
                        throw Statement.Failure(line: line, message: "text after a field's closing quote")
                    }
                    return try text(value[...])
                }
                place += 1
            } else if byte == UInt8(ascii: "\n") {
                line += 1
            }
            value.append(byte)
        }
        throw Statement.Failure(line: first, message: "a quote is not closed")
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(Statement.Failure) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Statement.Failure(line: line, message: "not UTF-8")
        }
        return text
    }
}
