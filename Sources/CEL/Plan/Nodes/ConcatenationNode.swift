/// A chain of `+` that has a constant string in it: it is read into one buffer and made a string once.
final class ConcatenationNode: Node, @unchecked Sendable {
    private let parts: [Node]

    private init(_ parts: [Node]) { self.parts = parts }

    /// Nil where the chain may be of anything but strings.
    static func of(_ left: Node, _ right: Node) -> ConcatenationNode? {
        if let chain = left as? ConcatenationNode { return ConcatenationNode(chain.parts + [right]) }
        for case .string in [left.constant, right.constant] { return ConcatenationNode([left, right]) }
        return nil
    }

    override func evaluate(_ activation: Activation) -> Value {
        let start = activation.octets.count
        defer { activation.octets.removeSubrange(start...) }
        for index in 0..<parts.count {
            let part = parts[index].evaluate(activation)
            let isString = part.withUTF8 { unsafe activation.octets.append(contentsOf: $0.raw) } != nil
            guard isString else {
                if case .error = part { return part }
                return .noOverload
            }
            guard index == 0 || activation.charge(UInt64(activation.octets.count - start) / 10) else {
                return .costPassed
            }
        }
        return unsafe activation.octets.withUnsafeBytes { bytes in
            unsafe .string(String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start...]), as: UTF8.self))
        }
    }
}
