internal import CRE2

/// String functions that scan; a position is a number of code points.
enum Strings {
    /// Charges one unit per ten bytes.
    @inline(__always)
    static func charge(_ bytes: Int, _ activation: Activation) -> Bool {
        bytes < 10 || activation.charge(UInt64(bytes) / 10)
    }

    static func size(_ value: Value, _ activation: Activation) -> Value {
        if let count = value.withUTF8(\.codePoints) { return .int(Int64(count)) }
        if case .bytes(let octets) = value { return .int(Int64(octets.count)) }
        guard let count = value.listCount ?? value.mapCount else { return .noOverload }
        return .int(Int64(count))
    }

    /// Calls `body` with the UTF-8 of two strings, after charging for their length.
    @inline(__always)
    private static func pair(
        _ a: Value, _ b: Value, _ activation: Activation,
        _ body: (Octets, Octets) -> Value
    ) -> Value {
        let result = a.withUTF8 { x in
            b.withUTF8 { y in charge(x.count, activation) ? body(x, y) : .costPassed }
        }
        return (result ?? nil) ?? .noOverload
    }

    static func contains(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        pair(a, b, activation) { .bool($0.find($1, from: 0) != nil) }
    }

    static func startsWith(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        pair(a, b, activation) { .bool($0.hasPrefix($1)) }
    }

    static func endsWith(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        pair(a, b, activation) { .bool($0.hasSuffix($1)) }
    }

    static func outOfRange(_ index: Int64) -> Value { .failure(.indexOutOfRange, "index \(index) is out of range") }

    /// The byte offset of the code point at `position`; the end for a position equal to their number, nil beyond it.
    static func offset(of position: Int64, in text: Octets) -> Int? {
        guard position >= 0 else { return nil }
        var left = position
        for index in 0..<text.count where text[index] & 0xC0 != 0x80 {
            if left == 0 { return index }
            left -= 1
        }
        return left == 0 ? text.count : nil
    }

    static func charAt(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        guard case .int(let position) = b else { return .noOverload }
        return sliced(a, position, position, plus: 1, activation)
    }

    /// The code points from `start` up to `end`, and one more if `plus` is positive and the text has it; without `end`,
    /// to the end of the text.
    private static func sliced(
        _ a: Value, _ start: Int64, _ end: Int64?, plus: Int = 0, _ activation: Activation
    ) -> Value {
        let result = a.withUTF8 { text -> Value in
            guard charge(text.count, activation) else { return .costPassed }
            guard let low = offset(of: start, in: text) else { return outOfRange(start) }
            guard let end else { return .string(text[low..<text.count].text) }
            guard var high = offset(of: end, in: text) else { return outOfRange(end) }
            if plus > 0, high < text.count {
                high += 1
                while high < text.count && text[high] & 0xC0 == 0x80 { high += 1 }
            }
            return .string(text[low..<high].text)
        }
        return result ?? .noOverload
    }

    static func substring(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        guard case .int(let start) = b else { return .noOverload }
        return sliced(a, start, nil, activation)
    }

    static func substringRange(_ arguments: Arguments) -> Value {
        guard arguments.count == 3, case .int(let start) = arguments[1], case .int(let end) = arguments[2] else {
            return .noOverload
        }
        guard start <= end else {
            return .failure(.indexOutOfRange, "the range starts at \(start) and ends at \(end)")
        }
        return sliced(arguments[0], start, end, arguments.activation)
    }

    static func indexOf(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        found(a, b, from: 0, activation)
    }

    static func indexOfFrom(_ arguments: Arguments) -> Value {
        guard arguments.count == 3, case .int(let start) = arguments[2] else { return .noOverload }
        return found(arguments[0], arguments[1], from: start, arguments.activation)
    }

    private static func found(_ a: Value, _ b: Value, from start: Int64, _ activation: Activation) -> Value {
        pair(a, b, activation) { text, part in
            guard let low = offset(of: start, in: text) else { return outOfRange(start) }
            guard let hit = text.find(part, from: low) else { return .int(-1) }
            return .int(Int64(text[0..<hit].codePoints))
        }
    }

    static func lastIndexOf(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        foundLast(a, b, upTo: nil, activation)
    }

    static func lastIndexOfFrom(_ arguments: Arguments) -> Value {
        guard arguments.count == 3, case .int(let limit) = arguments[2] else { return .noOverload }
        return foundLast(arguments[0], arguments[1], upTo: limit, arguments.activation)
    }

    /// The last occurrence that starts at or before `limit`.
    private static func foundLast(_ a: Value, _ b: Value, upTo limit: Int64?, _ activation: Activation) -> Value {
        pair(a, b, activation) { text, part in
            var start = text.count - part.count
            if let limit {
                guard let high = offset(of: limit, in: text) else { return outOfRange(limit) }
                start = min(start, high)
            }
            guard charge(text.count * max(part.count, 1), activation) else { return .costPassed }
            while start >= 0 {
                if text[start..<(start + part.count)] == part {
                    return .int(Int64(text[0..<start].codePoints))
                }
                start -= 1
            }
            return .int(-1)
        }
    }
}

extension Library {
    static let strings: [Builtin] = [
        Builtin(
            "size",
            [
                .global(.string, to: .int), .member(.string, to: .int), .global(.bytes, to: .int),
                .member(.bytes, to: .int), .global(listOfA, to: .int), .member(listOfA, to: .int),
                .global(mapOfAB, to: .int), .member(mapOfAB, to: .int),
            ], unary: Strings.size),
        Builtin("contains", [.member(.string, .string, to: .bool)], binary: Strings.contains),
        Builtin("startsWith", [.member(.string, .string, to: .bool)], binary: Strings.startsWith),
        Builtin("endsWith", [.member(.string, .string, to: .bool)], binary: Strings.endsWith),
        Builtin(
            "matches", [.member(.string, .string, to: .bool), .global(.string, .string, to: .bool)],
            binary: Regex.matches),
        Builtin("charAt", [.member(.string, .int, to: .string)], binary: Strings.charAt),
        Builtin("indexOf", search, binary: Strings.indexOf, nary: Strings.indexOfFrom),
        Builtin("lastIndexOf", search, binary: Strings.lastIndexOf, nary: Strings.lastIndexOfFrom),
        Builtin("lowerAscii", toText, unary: Strings.lowerAscii),
        Builtin("upperAscii", toText, unary: Strings.upperAscii),
        Builtin("trim", toText, unary: Strings.trim),
        Builtin(
            "reverse", [.member(listOfA, to: listOfA), .member(.string, to: .string)], unary: Strings.reverse),
        Builtin(
            "replace",
            [
                .member(.string, .string, .string, to: .string), .member(.string, .string, .string, .int, to: .string),
            ], nary: Strings.replace),
        Builtin(
            "split",
            [.member(.string, .string, to: .list(.string)), .member(.string, .string, .int, to: .list(.string))],
            binary: Strings.split, nary: Strings.splitLimited),
        Builtin(
            "substring", [.member(.string, .int, to: .string), .member(.string, .int, .int, to: .string)],
            binary: Strings.substring, nary: Strings.substringRange),
        Builtin(
            "join", [.member(.list(.string), to: .string), .member(.list(.string), .string, to: .string)],
            unary: { Strings.join($0, .string(""), $1) }, binary: Strings.join),
        Builtin("format", [.member(.string, .list(.dyn), to: .string)], binary: Format.format),
        Builtin("strings.quote", [.global(.string, to: .string)], unary: Strings.quote),
    ]

    private static let toText: [Signature] = [.member(.string, to: .string)]
    private static let search: [Signature] = [
        .member(.string, .string, to: .int), .member(.string, .string, .int, to: .int),
    ]
}

/// A compiled RE2 pattern.
@safe final class Regex: @unchecked Sendable {
    /// Bytes that a compiled pattern may take, so that an exploding pattern is refused.
    static let memoryMax = 1 << 20

    /// Cost units to compile a pattern while evaluating.
    private static let compilingCost: UInt64 = 500

    struct Problem: Error { let message: String }

    private let pattern: OpaquePointer
    /// Cost units of a match per ten bytes of text, by the lengths of the pattern and of its compiled program.
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

    /// Cost units of one match of a text of `count` bytes.
    func cost(_ count: Int) -> UInt64 { (UInt64(count) / 10 + 1) * weight }

    func matches(_ text: Octets) -> Bool {
        unsafe cre2_matches(pattern, text.raw.baseAddress?.assumingMemoryBound(to: CChar.self), text.count)
    }

    /// `text.matches(pattern)` with a pattern known only at run time.
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
