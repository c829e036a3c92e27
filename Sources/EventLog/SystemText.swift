import Glibc

/// The system's words for its error codes.
enum SystemText {
    /// The text of an errno.
    static func of(_ code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
