import JSON

/// The error of what must be refused, or nil where it was not.
func failure<T>(_ body: () throws(JSONError) -> T) -> JSONError? {
    do throws(JSONError) {
        _ = try body()
        return nil
    } catch {
        return error
    }
}

/// The error code of what must be refused, or nil where it was not.
func refusal<T>(_ body: () throws(JSONError) -> T) -> JSONError.Code? { failure(body)?.code }

/// The error with which a text is refused, or nil where it is not.
func refused(_ text: String) -> JSONError? { failure { () throws(JSONError) in try Document.parse(text) } }

/// The error with which bytes are refused, or nil where they are not.
func refused(_ bytes: [UInt8]) -> JSONError? { failure { () throws(JSONError) in try Document.parse(bytes) } }

/// The canonical form of a text that must be accepted.
func canonical(_ text: String) throws -> String { String(decoding: try Document.parse(text).bytes, as: UTF8.self) }
