/// Names and texts as hledger's journal format takes them.
enum HledgerNames {
    /// An account's path as a name: `wallet/U-ali/PKR` is `wallet:U-ali:PKR`. Bytes that mean something to hledger are
    /// written as `%` and two hexadecimal digits, so that two accounts never have one name.
    static func account(_ path: String) -> String {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.map { $0.isEmpty ? "%" : escaped($0, isSafe: isNameByte) }.joined(separator: ":")
    }

    /// A description on one line: what begins a comment or a note is escaped.
    static func description(_ text: String) -> String {
        escaped(text.utf8) { $0 >= 0x20 && $0 != 0x7F && !Array(";|%".utf8).contains($0) }
    }

    /// A commodity's symbol, quoted where it is not letters alone.
    static func commodity(_ currency: String) -> String {
        let isPlain = !currency.isEmpty && currency.utf8.allSatisfy(isLetter)
        return isPlain ? currency : "\"" + escaped(currency.utf8, isSafe: isNameByte) + "\""
    }

    private static func escaped(_ bytes: some Sequence<UInt8>, isSafe: (UInt8) -> Bool) -> String {
        var safe: [UInt8] = []
        for byte in bytes {
            if isSafe(byte) {
                safe.append(byte)
            } else {
                safe += [UInt8(ascii: "%"), digit(byte >> 4), digit(byte & 15)]
            }
        }
        return String(decoding: safe, as: UTF8.self)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) && byte < 0x80 }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || (0x30...0x39).contains(byte) || Array("-_.@+".utf8).contains(byte)
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x41 + value - 10 }
}
