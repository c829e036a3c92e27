/// The strings that CloudEvents admits as attributes (version 1.0.2, section "Type System").
enum AttributeText {
    /// Whether UTF-8 has none of what the specification excludes: U+0000 to U+001F, U+007F to U+009F, noncharacters.
    /// Lone surrogates are no UTF-8.
    static func isAdmitted(_ bytes: some Sequence<UInt8>) -> Bool {
        // The scalar read so far, and the bytes it still lacks.
        var (scalar, missing): (UInt32, Int) = (0, 0)
        for byte in bytes {
            switch byte {
            case 0x20..<0x7F: continue
            case 0x00..<0x20, 0x7F: return false
            case 0x80..<0xC0:
                scalar = scalar << 6 | UInt32(byte & 0x3F)
                missing -= 1
                if missing == 0, isExcluded(scalar) { return false }
            case 0xC0..<0xE0: (scalar, missing) = (UInt32(byte & 0x1F), 1)
            case 0xE0..<0xF0: (scalar, missing) = (UInt32(byte & 0x0F), 2)
            default: (scalar, missing) = (UInt32(byte & 0x07), 3)
            }
        }
        return true
    }

    /// Of the scalars that are not ASCII.
    private static func isExcluded(_ scalar: UInt32) -> Bool {
        scalar < 0xA0 || (0xFDD0...0xFDEF).contains(scalar) || scalar & 0xFFFE == 0xFFFE
    }
}
