/// Elements that are taken out in the order in which they came, each at the cost of a few moves, however many wait.
struct Queue<Element>: Sequence {
    private var elements: [Element]
    /// The place of the first that was not taken out.
    private var first = 0

    init(_ elements: [Element] = []) { self.elements = elements }

    var isEmpty: Bool { first == elements.count }
    var count: Int { elements.count - first }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard first < elements.count else { return nil }
        defer {
            first += 1
            // What was taken out is let go of once it is half of all: each element moves once for it on average.
            if first * 2 >= elements.count {
                elements.removeFirst(first)
                first = 0
            }
        }
        return elements[first]
    }

    func makeIterator() -> ArraySlice<Element>.Iterator { elements[first...].makeIterator() }
}

extension Queue: Sendable where Element: Sendable {}

extension Dictionary {
    /// Takes the first out of the queue of a key, in place; a queue that is empty then goes with it.
    mutating func popFirst<T>(_ key: Key) -> T? where Value == Queue<T> {
        guard let index = index(forKey: key) else { return nil }
        let element = values[index].popFirst()
        if values[index].isEmpty { remove(at: index) }
        return element
    }
}
