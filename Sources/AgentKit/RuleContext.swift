/// The entry whose rules are being evaluated, for functions that need it: a transfer's id names the entry that
/// requested it.
package final class RuleContext {
    package var sequence = EntrySequence(0)
    package var recordedTime = Instant(milliseconds: 0)

    package init() {}
}
