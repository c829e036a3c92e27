import JSON

/// One line of a file of events, before it is sent.
package enum EventLine {
    /// Whether the line is one whole JSON value that the service can read.
    ///
    /// Only such lines may be put into an array: of others two might make up one event, or one might make up two.
    package static func isJSON(_ line: [UInt8]) -> Bool {
        do throws(JSONError) {
            _ = try Document.parse(line)
            return true
        } catch {
            return false
        }
    }
}
