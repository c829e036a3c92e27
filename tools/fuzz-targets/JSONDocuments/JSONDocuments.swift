import CFuzzer
import JSON

/// JSON: what is parsed is canonical and reads as it was written; bytes adopted without a check are read without harm.
func fuzzJSONDocuments(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let parsed = try? Document.parse(bytes) {
        guard let adopted = try? Document(adopting: parsed.bytes), let again = try? Document.parse(parsed.bytes) else {
            preconditionFailure("a canonical form that cannot be read")
        }
        precondition(again.bytes == parsed.bytes && adopted.root.isSame(as: parsed.root))
        precondition(parsed.bytes.withUnsafeBytes { Document.isCanonical($0) })
        walk(parsed.root, depth: 0)
    }
    if let adopted = try? Document(adopting: bytes) { walk(adopted.root, depth: 0) }
    return 0
}

private func walk(_ view: View, depth: Int) {
    precondition(depth < 2000)
    _ = (view.kind, view.bool, view.int, view.double, view.string, view.name)
    for child in view.children { walk(child, depth: depth + 1) }
}

/// libFuzzer's driver as the entry point, which the package manager names after the target.
@_cdecl("FuzzJSONDocuments_main")
func run(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
    var count = count
    var arguments = arguments
    return LLVMFuzzerRunDriver(&count, &arguments, fuzzJSONDocuments)
}
