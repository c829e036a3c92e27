import Testing

@testable import Audit

@Suite("a queue")
struct QueueTests {
    @Test("gives back in order, also what came in between, and is empty at the end")
    func order() {
        var queue = Queue([1, 2, 3])
        #expect(queue.popFirst() == 1)
        queue.append(4)
        #expect(queue.popFirst() == 2 && queue.count == 2)
        #expect(Array(queue) == [3, 4])
        #expect(queue.popFirst() == 3 && queue.popFirst() == 4 && queue.popFirst() == nil && queue.isEmpty)
    }

    @Test("of a million takes each out at the cost of a few moves, in a dictionary too")
    func many() {
        let count = 1_000_000
        var queues = ["a": Queue(Array(0..<count))]
        var sum = 0
        while let next = queues.popFirst("a") { sum += next }
        #expect(sum == count * (count - 1) / 2 && queues.isEmpty)
    }
}
