/// A recurring trigger of the clock; the raw value is its event type. At the same moment they fire in this order.
package enum Schedule: String, Sendable, CaseIterable {
    /// 00:00 of each day.
    case daily = "schedule.daily"
    /// 00:00 of the first day of each week.
    case weekly = "schedule.weekly"
    /// 00:00 of the first day of each month.
    case monthly = "schedule.monthly"
}
