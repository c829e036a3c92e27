package import AgentKit

/// A place on Earth, in integer millionths of a degree.
package struct Place: Hashable, Sendable {
    package var latitude: Int64
    package var longitude: Int64

    package init(latitude: Int64, longitude: Int64) {
        self.latitude = latitude
        self.longitude = longitude
    }

    /// A place of two numbers of degrees as they are recorded; nil where one is absent.
    package init?(_ latitude: View?, _ longitude: View?) {
        guard let latitude = latitude.map(Millionths.of), let longitude = longitude.map(Millionths.of) else {
            return nil
        }
        self.init(latitude: latitude, longitude: longitude)
    }

    /// Whether there is such a place: latitudes end at 90 degrees, longitudes at 180.
    package var isOnEarth: Bool {
        latitude.magnitude <= 90_000_000 && longitude.magnitude <= 180_000_000
    }

    /// The great-circle distance in metres, by haversine on a sphere of 6,371.0088 km; both must be on Earth.
    package func metres(to other: Place) -> Int64 {
        // Half the difference in millionths is the difference in half millionths.
        let north = Self.sine(abs(latitude - other.latitude))
        let apart = abs(longitude - other.longitude)
        let east = Self.sine(min(apart, 360_000_000 - apart))
        let shrink = (Int128(Self.cosine(latitude)) * Int128(Self.cosine(other.latitude))) >> Self.bits
        let haversine = Int128(north) * Int128(north) + ((shrink * Int128(east) * Int128(east)) >> Self.bits)
        let root = Self.root(min(haversine, 1 << (2 * Self.bits)))
        return 2 * Self.arcsine(root) * Self.millimetresPerMillionth / 1_000_000
    }

    /// The cell of a tenth of a degree it lies in.
    package var cell: Cell {
        Cell(row: latitude.floorDivided(by: 100_000), column: longitude.floorDivided(by: 100_000))
    }

    /// A tenth of a degree north by a tenth of a degree east.
    package struct Cell: Hashable, Sendable {
        package let row: Int64
        package let column: Int64

        /// Itself and the eight around it, south to north and west to east.
        package var neighbourhood: [Cell] {
            (-1...1).flatMap { up in
                (-1...1).map { right in
                    Cell(row: row + up, column: (column + right + 5400) % 3600 - 1800)
                }
            }
        }
    }

    /// Sines are in units of 2^−30.
    private static let bits: Int128 = 30
    /// 6,371.0088 km · π / 180, in millimetres a thousandth of a degree.
    private static let millimetresPerMillionth: Int64 = 111_195

    private static func cosine(_ millionths: Int64) -> Int64 { sine(2 * (90_000_000 - abs(millionths))) }

    /// Of 0 to 180 degrees in half millionths.
    private static func sine(_ halves: Int64) -> Int64 {
        let angle = min(halves, 360_000_000 - halves)
        let degree = Int(angle / 2_000_000)
        guard degree < 90 else { return SineTable.degrees[90] }
        let from = SineTable.degrees[degree]
        return from + (SineTable.degrees[degree + 1] - from) * (angle % 2_000_000) / 2_000_000
    }

    /// The angle of 0 to 90 degrees in millionths that has this sine.
    private static func arcsine(_ sine: Int64) -> Int64 {
        var low = 0
        var high = 90
        while high - low > 1 {
            let middle = (low + high) / 2
            if SineTable.degrees[middle] <= sine { low = middle } else { high = middle }
        }
        let from = SineTable.degrees[low]
        return Int64(low) * 1_000_000 + (sine - from) * 1_000_000 / (SineTable.degrees[high] - from)
    }

    /// The integer square root, by Newton's steps.
    private static func root(_ square: Int128) -> Int64 {
        guard square > 0 else { return 0 }
        var guess = Int128(1) << Int128((128 - square.leadingZeroBitCount + 1) / 2)
        while true {
            let next = (guess + square / guess) / 2
            if next >= guess { return Int64(guess) }
            guess = next
        }
    }
}
