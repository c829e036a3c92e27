import CSodium

/// libsodium, made ready once a process.
enum Library {
    private static let isReady: Bool = sodium_init() >= 0

    /// Makes sure that libsodium is ready; stops the process where it cannot run on this machine.
    @inline(__always)
    static func start() { precondition(isReady, "libsodium could not be initialised") }
}

extension [UInt8] {
    /// The bytes in place, at a start that is never null.
    func withBytes<R>(_ body: (UnsafePointer<UInt8>, Int) -> R) -> R {
        unsafe withUnsafeBufferPointer { buffer in
            if let start = buffer.baseAddress { return unsafe body(start, buffer.count) }
            return unsafe withUnsafePointer(to: 0) { unsafe body($0, 0) }
        }
    }

    /// `count` bytes that a C function fills in.
    init(filling count: Int, _ fill: (UnsafeMutablePointer<UInt8>) -> Void) {
        unsafe self.init(unsafeUninitializedCapacity: count) { buffer, initialized in
            if let start = buffer.baseAddress { unsafe fill(start) }
            initialized = count
        }
    }
}
