import TransparencyLog

/// The encodings of the log's format, for what lies above the log.
package enum LogText {
    /// Standard base64 with padding.
    package static func base64(_ bytes: [UInt8]) -> String { Base64.encode(bytes) }

    /// The bytes of strict base64: nil where the text is not what `base64` makes of them.
    package static func bytes(base64 text: String) -> [UInt8]? { Base64.decodeStrict(text) }
}
