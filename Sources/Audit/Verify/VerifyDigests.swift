/// Collects one thread's digests and sorts them in runs; full runs go to files, so memory does not grow with the log.
struct VerifyDigests {
    /// The digests of a run in memory: 32 MiB.
    static let runDigests = 1 << 20

    private let runDigests: Int
    private var digests: [VerifyDigest] = []
    private var runs: [VerifyDigestRun] = []

    init(runDigests: Int = Self.runDigests) { self.runDigests = runDigests }

    mutating func append(_ digest: VerifyDigest) throws(VerifyError) {
        if digests.count == runDigests {
            runs.append(.file(try VerifyDigestFile(Self.sorted(digests))))
            digests.removeAll(keepingCapacity: true)
        }
        digests.append(digest)
    }

    /// All runs, each sorted.
    consuming func finish() -> [VerifyDigestRun] { runs + [.memory(Self.sorted(digests))] }

    /// Sorts by the first 16 bits into buckets and then in each bucket: digests are spread evenly.
    static func sorted(_ digests: [VerifyDigest]) -> [VerifyDigest] {
        guard digests.count > 1 << 12 else { return digests.sorted(by: <) }
        var starts = [Int](repeating: 0, count: (1 << 16) + 1)
        for digest in digests { starts[Int(digest.high >> 48) + 1] += 1 }
        for i in 1..<starts.count { starts[i] += starts[i - 1] }
        var next = starts
        var out = unsafe [VerifyDigest](unsafeUninitializedCapacity: digests.count) { buffer, initialized in
            for digest in digests {
                let bucket = Int(digest.high >> 48)
                unsafe (buffer.baseAddress! + next[bucket]).initialize(to: digest)
                next[bucket] += 1
            }
            initialized = digests.count
        }
        for bucket in 0..<(1 << 16) where starts[bucket + 1] - starts[bucket] > 1 {
            let range = starts[bucket]..<starts[bucket + 1]
            range.count > 64 ? out[range].sort(by: <) : insertionSort(&out, range)
        }
        return out
    }

    private static func insertionSort(_ digests: inout [VerifyDigest], _ range: Range<Int>) {
        for i in (range.lowerBound + 1)..<range.upperBound {
            let digest = digests[i]
            var j = i
            while j > range.lowerBound, digest < digests[j - 1] {
                digests[j] = digests[j - 1]
                j -= 1
            }
            digests[j] = digest
        }
    }
}
