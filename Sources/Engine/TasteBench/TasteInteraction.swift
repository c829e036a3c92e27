/// A user meets a product: sees it, or orders it too.
package struct TasteInteraction: Sendable {
    package var user: Int
    package var item: Int
    /// Seconds since 1970.
    package var time: Int64
    package var isOrder: Bool
    /// Whether it is the user's last one, which a recommendation made just before it is to foretell.
    package var isAsked = false
}
