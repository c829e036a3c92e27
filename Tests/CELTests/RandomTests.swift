import CEL
import Testing

@Suite("Random CEL")
struct RandomTests {
    /// A small generator that a seed determines.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    private static let pieces = [
        "1", "0", "-", "9223372036854775807", "1u", "1.5", "1e308", "'a'", "'é'", "b'x'", "true", "null", "x", "(", ")",
        "[",
        "]", "{", "}", ":", ",", ".", "?", "&&", "||", "!", "==", "<", "in", "+", "-", "*", "/", "%", "size", "map(",
        "all(",
        "y, ", "has(", "optional.of(", "timestamp(", "'%s'", ".format(", "\\", "'", "`", "// c\n", "@", "\u{0}",
        "cel.bind(",
    ]

    @Test("no text crashes the parser, the checker or the evaluator", arguments: [1, 2, 3, 4])
    func soup(_ seed: UInt64) {
        print("seed \(seed)")
        var generator = Generator(state: seed &* 0x9E37_79B9_7F4A_7C15)
        var environment = Environment()
        environment.declare(variable: "x", .dyn)
        let activation = Activation(slots: 1)
        activation[0] = .list([.int(1), .double(.nan), .string("z"), .none])
        activation.costLimit = 10_000
        var evaluated = 0
        for _ in 0..<3000 {
            let count = Int.random(in: 1...14, using: &generator)
            let source = (0..<count).map { _ in Self.pieces.randomElement(using: &generator)! }.joined(separator: " ")
            if let program = try? environment.compileUnchecked(source) {
                _ = program.evaluate(activation).jsonDescription
                evaluated += 1
            }
            if let program = try? environment.compile(source) { _ = program.evaluate(activation) }
        }
        #expect(evaluated > 0)
    }
}
