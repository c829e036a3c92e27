package import CEL
package import JSON

/// A host whose nodes are those of one JSON document, so that functions can read it without going through values.
package protocol DocumentHost: HostObject {
    /// The document as it is while the evaluation runs.
    var document: Document { get }
}
