import Dispatch
import Synchronization

/// Documents of rule files. Those that were read without an error are kept for as long as the process runs: the same files
/// are loaded again for each moment of the past that somebody asks about.
enum YamlDocuments {
    /// Documents that are kept at most: those of a few rule sets.
    private static let keptMax = 64

    private static let kept = Mutex<[[UInt8]: YamlNode]>([:])

    /// Files that several threads read, each by one of them.
    private struct Files: @unchecked Sendable {
        let all: [(index: Int, file: SourceFile, needs: String)]
    }

    /// The root of each file, or nil after noting the errors in it. Large files are begun first, on all cores.
    /// - Parameter needs: what an empty file is told that it needs.
    static func roots(of sources: [SourceFile], needs: (SourceFile) -> String) -> [YamlNode?] {
        var roots = kept.withLock { kept in sources.map { kept[$0.bytes] } }
        let unread = sources.indices.filter { roots[$0] == nil }.map { ($0, sources[$0], needs(sources[$0])) }
        let files = Files(all: unread.sorted { $0.1.bytes.count > $1.1.bytes.count })
        let read = Mutex<[(Int, YamlNode)]>([])
        DispatchQueue.concurrentPerform(iterations: files.all.count) { number in
            let (index, file, needs) = files.all[number]
            guard let root = YamlReader.read(file, needs: needs) else { return }
            read.withLock { $0.append((index, root)) }
        }
        let found = read.withLock { $0 }
        for (index, root) in found { roots[index] = root }
        kept.withLock { kept in
            if kept.count + found.count > keptMax { kept = [:] }
            for (index, root) in found where sources[index].errors.isEmpty { kept[sources[index].bytes] = root }
        }
        return roots
    }
}
