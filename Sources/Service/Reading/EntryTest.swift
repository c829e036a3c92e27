/// A question to every entry of a search.
protocol EntryTest: Sendable {
    /// Whether a recorded entry, given by its canonical bytes, is wanted.
    func matches(_ entry: UnsafeRawBufferPointer) -> Bool
}
