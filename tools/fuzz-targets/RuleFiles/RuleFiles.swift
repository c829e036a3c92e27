import AgentKit
import CFuzzer
import RuleTesting
import Rules

private struct Order: Row {
    var status = ""
    var amount: Int64 = 0
    static let name = "order"
    static let fields: [RowField<Order>] = [.init("status", \.status), .init("amount", \.amount)]
}

private nonisolated(unsafe) let host: RuleHost = {
    let tables = TableSet()
    let _: Table<Order> = tables.table("orders")
    return RuleHost(
        projections: tables.tables, functions: [],
        agents: [.init(name: "order", agentClass: .commerce), .init(name: "complaint", agentClass: .complaint)],
        digest: { _ in "digest" })
}()

/// The loader of rule sets: a file, also one of settings or of tests, is loaded or refused with places. Its first byte
/// chooses the name it goes by.
func fuzzRuleFiles(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let names = ["order.yaml", "calendar.yaml", "currencies.yaml", "policy.yaml"]
    let name = names[Int(bytes.first ?? 0) & 3]
    let file = RuleFile(name: name, text: Array(bytes.dropFirst()))
    do throws(RuleSetError) {
        _ = try RuleSet.load(files: [file], host: host)
    } catch {
        check(error)
    }
    do throws(RuleSetError) {
        _ = try RuleTestFile.read(file)
    } catch {
        check(error)
    }
    return 0
}

private func check(_ error: RuleSetError) {
    precondition(!error.diagnostics.isEmpty)
    for diagnostic in error.diagnostics { precondition(diagnostic.line >= 1 && diagnostic.column >= 1) }
}

/// libFuzzer's driver as the entry point, which the package manager names after the target.
@_cdecl("FuzzRuleFiles_main")
func run(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
    var count = count
    var arguments = arguments
    return LLVMFuzzerRunDriver(&count, &arguments, fuzzRuleFiles)
}
