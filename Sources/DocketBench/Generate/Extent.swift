/// How much history is generated, and which.
struct Extent {
    let seed: UInt64
    /// Everyone who has signed up by the end.
    let users: Int
    /// Days on which things begin.
    let days: Int
    /// Days after those on which only what is under way goes on.
    let quietDays: Int

    /// The end of the days on which things begin.
    var end: HistoryTime { HistoryTime.start + days * HistoryTime.day }
    /// The end of all.
    var quietEnd: HistoryTime { end + quietDays * HistoryTime.day }
}
