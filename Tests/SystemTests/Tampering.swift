import Foundation
import Testing

/// Changes stored logs as someone with access to the disk would.
enum Tampering {
    /// Changes bytes within the newest entry, wherever the file has them.
    static func changeNewestEntry(of data: String) throws {
        let log = try Docket.binary.run("log", "--json", "--data", data)
        let newest = try #require(log.lines.last)
        try change(newest, in: data)
    }

    /// Changes the first digit of the id in an entry given by its bytes.
    static func change(_ entry: String, in data: String) throws {
        let path = data + "/log/data.mdb"
        var file = try Data(contentsOf: URL(fileURLWithPath: path))
        // An entry that lies on one page is stored in one piece; its own bytes find it, also in pages given up.
        let bytes = Data(entry.utf8)
        var from = file.startIndex
        var changed = 0
        while let range = file.range(of: bytes, in: from..<file.endIndex) {
            let mark = try #require(file.range(of: Data(#""recordedtime":"2"#.utf8), in: range))
            file[mark.upperBound - 1] = UInt8(ascii: "3")
            changed += 1
            from = range.upperBound
        }
        try #require(changed > 0, "the entry's bytes are not in the file")
        try file.write(to: URL(fileURLWithPath: path))
    }
}
