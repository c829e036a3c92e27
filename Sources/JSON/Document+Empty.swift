extension Document {
    /// `{}`: what absent data reads as.
    package static let emptyObject: Document = {
        do throws(JSONError) {
            return try Document(adopting: Array("{}".utf8))
        } catch {
            preconditionFailure("`{}` is JSON")
        }
    }()
}
