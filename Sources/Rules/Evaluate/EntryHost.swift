import AgentKit

/// The entry whose rules run, read in place. One host serves one evaluator: the entry is exchanged, not the host.
final class EntryHost: DocumentHost, @unchecked Sendable {
    private(set) var document = Document.emptyObject
    private var recordedTime = Value.null
    private static let empty = JSONHost(Document.emptyObject)
    private static let recordedTimeName = Array("recordedtime".utf8)

    func enter(_ event: Event) {
        document = event.document
        recordedTime = Timestamp(milliseconds: event.recordedTime.milliseconds).map { .timestamp($0) } ?? .null
    }

    func kind(_ node: UInt32) -> HostKind { JSONNodes.kind(document, node) }
    func count(_ node: UInt32) -> Int { document.count(of: node) }

    func member(_ node: UInt32, _ name: FieldName) -> Value? {
        if node == 0, name.utf8.count == Self.recordedTimeName.count, name.utf8 == Self.recordedTimeName {
            return recordedTime
        }
        let child = unsafe name.utf8.withUnsafeBytes { unsafe document.member(of: node, utf8: $0) }
        if let child { return JSONNodes.value(self, document, child) }
        return node == 0 && name.text == "data" ? .host(Self.empty, 0) : nil
    }

    func element(_ node: UInt32, _ index: Int) -> Value? { JSONNodes.element(self, document, node, index) }
    func key(_ node: UInt32, at position: Int) -> Value { JSONNodes.key(document, node, position) }
    @unsafe func text(_ node: UInt32) -> UnsafeRawBufferPointer { unsafe JSONNodes.text(document, node) }
}
