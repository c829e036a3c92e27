import Foundation

/// A random number generator (xoshiro256**, seeded by SplitMix64) that gives the same numbers for the same seed on any
/// machine.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    /// The seed, which reproduces the numbers.
    package let seed: UInt64
    private var state: (UInt64, UInt64, UInt64, UInt64)

    package init(seed: UInt64) {
        self.seed = seed
        var mixed = seed
        func split() -> UInt64 {
            mixed &+= 0x9E37_79B9_7F4A_7C15
            var z = mixed
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        state = (split(), split(), split(), split())
    }

    /// A generator with the seed in `DOCKET_SEED`, else a new one, which it prints beside the test's name.
    package static func announced(_ test: String = #function) -> SeededGenerator {
        let given = ProcessInfo.processInfo.environment["DOCKET_SEED"].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: .min ... .max)
        print("\(test): DOCKET_SEED=\(seed)")
        return SeededGenerator(seed: seed)
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        func rotated(_ x: UInt64, _ k: UInt64) -> UInt64 { x << k | x >> (64 - k) }
        let result = rotated(state.1 &* 5, 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotated(state.3, 45)
        return result
    }

    /// A number in a range.
    package mutating func int(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// Returns true once in `times` on average.
    package mutating func once(in times: Int) -> Bool { int(in: 1...times) == 1 }

    /// A number from 0 that is less than a bound.
    package mutating func below(_ bound: Int) -> Int { int(in: 0...bound - 1) }

    /// Returns true in `percent` of a hundred cases.
    package mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    /// One of the elements, of which there must be one.
    package mutating func pick<C: Collection>(_ elements: C) -> C.Element {
        elements.randomElement(using: &self)!
    }

    /// A number of random bytes.
    package mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &self) }
    }
}

/// Locations of the public test data that tests read in place.
package enum Vectors {
    /// The folder named by `DOCKET_VECTORS`, else `../shared/vectors` beside the package.
    package static let root: String = {
        if let named = ProcessInfo.processInfo.environment["DOCKET_VECTORS"], !named.isEmpty { return named }
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let beside = package.deletingLastPathComponent().appendingPathComponent("shared/vectors").path
        let here = FileManager.default.currentDirectoryPath + "/../shared/vectors"
        return FileManager.default.fileExists(atPath: beside) ? beside : here
    }()

    /// The path of one folder of test data; nil, with a line on stdout that its tests are skipped, where it is missing.
    package static func directory(_ name: String) -> String? {
        let path = root + "/" + name
        if FileManager.default.fileExists(atPath: path) { return path }
        print("skipped: no test data at \(path) (set DOCKET_VECTORS)")
        return nil
    }

    /// The bytes of one file below the root; nil, with a line on stdout that its tests are skipped, where it is
    /// missing.
    package static func file(_ name: String) -> [UInt8]? {
        guard let path = directory(name), let data = FileManager.default.contents(atPath: path) else { return nil }
        return [UInt8](data)
    }

    /// The names of the files in one folder that end in `suffix`, in byte order.
    package static func files(in name: String, suffix: String) -> [String] {
        guard let path = directory(name) else { return [] }
        let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return all.filter { $0.hasSuffix(suffix) }.sorted().map { path + "/" + $0 }
    }
}
