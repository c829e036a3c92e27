import Foundation
import Testing

@testable import DocketGenerate

@Suite("What is generated from the declarations of event types")
struct GeneratedTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    @Test("is what tools/generate writes now")
    func upToDate() throws {
        let files = try GeneratedFiles.all(in: Self.root)
        #expect(files.count > 20)
        for file in files {
            let isSame = (try? TextFile.read(file.path)) == file.text
            #expect(isSame, "\(file.path) is out of date: run tools/generate")
        }
    }

    @Test("is the only source of agents and engine that names a member of an event")
    func typed() throws {
        let patterns = [#"data.text(""#, #"data.integer(""#, #"data.amount(""#, #"data.instant(""#, #"data.texts(""#]
        for module in GeneratedFiles.modules {
            let folder = Self.root + "/Sources/" + module
            let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
            for name in names where name.hasSuffix(".swift") {
                let text = try TextFile.read(folder + "/" + name)
                for pattern in patterns {
                    #expect(!text.contains(pattern), "\(module)/\(name) holds `\(pattern)`")
                }
            }
        }
    }
}
