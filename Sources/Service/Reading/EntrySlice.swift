import EventLog
import NIOCore

/// Entries read from the log in one go: as many as fit the limits.
struct EntrySlice: Sendable {
    /// How each entry is written.
    enum Form: Sendable {
        case lines
        case serverSentEvents
    }

    /// What is wanted of the log.
    struct Request: Sendable {
        /// The first sequence looked at.
        var from: UInt64
        let form: Form
        var entriesMax: Int
        let bytesMax: Int
        let test: any EntryTest
        /// Grows with what is read; nil where the reader accounts for it.
        var memory: MemoryShare?
    }

    var buffer = ByteBuffer()
    /// Entries in the buffer.
    var count = 0
    /// The first sequence not looked at.
    var next: UInt64
    /// The sequence of the last entry in the buffer.
    var last: UInt64?
    /// Why it ends early, where there was no memory for more.
    private(set) var refusal: ProblemReply?
    private var bytesHeld = 0
    /// Whether the slice ends at the end of the log.
    var isAtEnd = true

    /// - Parameter bytesHeld: bytes of the page that were read before.
    init(_ log: EventLog, _ request: Request, bytesHeld: Int = 0) throws(EventLogError) {
        next = request.from
        self.bytesHeld = bytesHeld
        let (end, overflow) = request.from.addingReportingOverflow(ServiceLimits.searchEntriesMax)
        guard !overflow else { return }
        var slice = self
        slice.isAtEnd = true
        unsafe try log.scan(from: request.from, to: end) { sequence, bytes in
            slice.next = sequence + 1
            guard unsafe request.test.matches(bytes) else { return true }
            guard slice.holds(bytes.count, request.memory) else { return false }
            unsafe slice.add(sequence, bytes, request.form)
            return slice.count < request.entriesMax && slice.buffer.readableBytes < request.bytesMax
        }
        // Where a limit ended the scan there may be more; the next slice tells.
        slice.isAtEnd =
            slice.next < end && slice.count < request.entriesMax
            && slice.buffer.readableBytes < request.bytesMax
        self = slice
    }

    /// Whether there is memory for so many more bytes. A buffer that grows doubles.
    private mutating func holds(_ more: Int, _ memory: MemoryShare?) -> Bool {
        guard let memory, buffer.writableBytes < more + 64 else { return true }
        do throws(ProblemReply) {
            try memory.resize(to: bytesHeld + 2 * (buffer.readableBytes + more))
            return true
        } catch {
            refusal = error
            return false
        }
    }

    private mutating func add(_ sequence: UInt64, _ bytes: UnsafeRawBufferPointer, _ form: Form) {
        switch form {
        case .lines:
            unsafe buffer.writeBytes(bytes)
            buffer.writeStaticString("\n")
        case .serverSentEvents:
            buffer.writeStaticString("id: ")
            buffer.writeString(String(sequence))
            buffer.writeStaticString("\ndata: ")
            unsafe buffer.writeBytes(bytes)
            buffer.writeStaticString("\n\n")
        }
        count += 1
        last = sequence
    }
}
