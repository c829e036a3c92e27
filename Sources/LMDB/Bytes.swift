extension [UInt8] {
    /// The bytes in place, with typed throws.
    func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        unsafe try withUnsafeBufferPointer { buffer throws(E) -> R in
            unsafe try body(UnsafeRawBufferPointer(buffer))
        }
    }
}
