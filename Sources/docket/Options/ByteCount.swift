import ArgumentParser

/// A number of bytes, as `1048576`, `512M` or `2G`: K, M, G and T are powers of 1,024.
struct ByteCount: ExpressibleByArgument {
    let bytes: Int

    init?(argument: String) {
        let digits = argument.utf8.prefix { (0x30...0x39).contains($0) }
        let power: Int? =
            switch argument.utf8.dropFirst(digits.count).map({ $0 | 0x20 }) {
            case []: 0
            case [UInt8(ascii: "k")]: 1
            case [UInt8(ascii: "m")]: 2
            case [UInt8(ascii: "g")]: 3
            case [UInt8(ascii: "t")]: 4
            default: nil
            }
        guard let power, let count = Int(String(digits) ?? "") else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 1 << (10 * power))
        guard !overflow else { return nil }
        self.bytes = bytes
    }
}
