import NIOCore
import Synchronization

/// A client's connection, as far as its requests must know of it: whether the client is still there, and what the replies
/// on their way to it hold of the memory budget.
final class Connection: Sendable {
    private let gone = Atomic<Bool>(false)
    private let unsent = Mutex<[MemoryShare]>([])

    /// Whether nobody will read a reply any more.
    var isGone: Bool { gone.load(ordering: .relaxed) }

    /// Notes what the next reply holds until it is sent.
    func willSend(_ share: MemoryShare) { unsent.withLock { $0.append(share) } }

    /// The share of the oldest reply noted, which is written now.
    func nextSent() -> MemoryShare? { unsent.withLock { $0.isEmpty ? nil : $0.removeFirst() } }

    func end() {
        gone.store(true, ordering: .relaxed)
        unsent.withLock { $0 = [] }
    }
}

/// The connections that are open, by their channels: a request is handled away from its channel's pipeline.
final class Connections: Sendable {
    private let open = Mutex<[ObjectIdentifier: Connection]>([:])

    subscript(channel: any Channel) -> Connection? { open.withLock { $0[ObjectIdentifier(channel)] } }

    func add(_ channel: any Channel) -> Connection {
        let connection = Connection()
        open.withLock { $0[ObjectIdentifier(channel)] = connection }
        return connection
    }

    func remove(_ channel: any Channel) {
        open.withLock { $0.removeValue(forKey: ObjectIdentifier(channel)) }?.end()
    }
}
