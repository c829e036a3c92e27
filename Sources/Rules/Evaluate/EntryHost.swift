import AgentKit

/// The entry whose rules run, read in place. One host serves one evaluator: the entry is exchanged, not the host.
final class EntryHost: DocumentHost, @unchecked Sendable {
    private(set) var document = Document.emptyObject
    private var recordedTime = Value.null
    private var data: Value?
    private static let empty = JSONHost(Document.emptyObject)
    private static let recordedTimeName = Array("recordedtime".utf8)
    private static let dataName = Array("data".utf8)

    func enter(_ event: Event) {
        document = event.document
        data = document.member(of: 0, "data").map { JSONNodes.value(self, document, $0) } ?? .host(Self.empty, 0)
        recordedTime = Timestamp(milliseconds: event.recordedTime.milliseconds).map { .timestamp($0) } ?? .null
    }

    func kind(_ node: UInt32) -> HostKind { JSONNodes.kind(document, node) }
    func count(_ node: UInt32) -> Int { document.count(of: node) }

    func member(_ node: UInt32, _ name: FieldName) -> Value? {
        if node == 0 {
            if name.utf8.count == 4, name.utf8 == Self.dataName { return data }
            if name.utf8.count == 12, name.utf8 == Self.recordedTimeName { return recordedTime }
        }
        let child = unsafe name.utf8.withUnsafeBytes { unsafe document.member(of: node, utf8: $0) }
        return child.map { JSONNodes.value(self, document, $0) }
    }

    func currency(_ node: UInt32) -> CurrencyCode? { JSONNodes.currency(document, node) }
    func element(_ node: UInt32, _ index: Int) -> Value? { JSONNodes.element(self, document, node, index) }
    func key(_ node: UInt32, at position: Int) -> Value { JSONNodes.key(document, node, position) }
    @unsafe func text(_ node: UInt32) -> UnsafeRawBufferPointer { unsafe JSONNodes.text(document, node) }
}
