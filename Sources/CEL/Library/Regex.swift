internal import CRE2

/// A compiled RE2 pattern.
@safe final class Regex: @unchecked Sendable {
    /// Bytes a compiled pattern may take, so that a pattern that explodes is refused.
    static let memoryMax = 1 << 20

    /// Cost units to compile a pattern while evaluating.
    private static let compilingCost: UInt64 = 500

    struct Problem: Error { let message: String }

    private let pattern: OpaquePointer
    /// Cost of a match for each ten bytes of text, by the length of the pattern and of what it compiles to.
    private let weight: UInt64

    init(_ source: Octets) throws(Problem) {
        var buffer = [CChar](repeating: 0, count: 256)
        let compiled = unsafe cre2_compile(
            source.raw.baseAddress?.assumingMemoryBound(to: CChar.self), source.count, Self.memoryMax, &buffer,
            buffer.count)
        guard let compiled = unsafe compiled else {
            let message = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw Problem(message: String(decoding: message, as: UTF8.self))
        }
        unsafe pattern = compiled
        weight = unsafe UInt64(source.count) / 4 + UInt64(max(cre2_size(compiled), 0)) / 64 + 1
    }

    deinit { unsafe cre2_free(pattern) }

    /// What one match of a text of `count` bytes costs.
    func cost(_ count: Int) -> UInt64 { (UInt64(count) / 10 + 1) * weight }

    func matches(_ text: Octets) -> Bool {
        unsafe cre2_matches(pattern, text.raw.baseAddress?.assumingMemoryBound(to: CChar.self), text.count)
    }

    /// `text.matches(pattern)` where the pattern is known only now.
    static func matches(_ text: Value, _ pattern: Value, _ activation: Activation) -> Value {
        let result = pattern.withUTF8 { source -> Value? in
            guard activation.charge(compilingCost + UInt64(source.count)) else { return .costPassed }
            let regex: Regex
            do throws(Problem) {
                regex = try Regex(source)
            } catch {
                return .failure(.invalidArgument, "invalid pattern: \(error.message)")
            }
            return regex.matches(text, activation)
        }
        return (result ?? nil) ?? .noOverload
    }

    func matches(_ text: Value, _ activation: Activation) -> Value? {
        text.withUTF8 { bytes in
            guard activation.charge(cost(bytes.count)) else { return .costPassed }
            return .bool(matches(bytes))
        }
    }
}
