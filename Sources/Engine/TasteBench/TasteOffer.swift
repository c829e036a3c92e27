/// A product of a history of tastes.
package struct TasteOffer: Sendable {
    package var seller: Int
    package var category: String
    package var tags: [String]
    /// Where it is, in degrees; nil where nobody says.
    package var place: (latitude: Double, longitude: Double)?
}
