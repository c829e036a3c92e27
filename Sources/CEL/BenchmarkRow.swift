/// A row whose texts are read in place.
@safe final class BenchmarkRow: HostObject, @unchecked Sendable {
    private let names: [[UInt8]]
    private let values: [Value]
    private let texts: [UnsafeMutableRawBufferPointer]

    init(_ fields: [(String, Value)]) {
        names = fields.map { Array($0.0.utf8) }
        values = fields.map(\.1)
        unsafe texts = fields.map { field in
            let bytes = field.1.utf8Bytes ?? []
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
            unsafe copy.copyBytes(from: bytes)
            return unsafe copy
        }
    }

    deinit {
        for index in 0..<values.count { unsafe texts[index].deallocate() }
    }

    func count(_ node: UInt32) -> Int { values.count }

    func member(_ node: UInt32, _ name: FieldName) -> Value? {
        for index in 0..<names.count where names[index] == name.utf8 {
            if case .string = values[index] { return .text(self, UInt32(index)) }
            return values[index]
        }
        return nil
    }

    func key(_ node: UInt32, at position: Int) -> Value { .string(String(decoding: names[position], as: UTF8.self)) }

    func text(_ node: UInt32) -> UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(texts[Int(node)]) }
}
