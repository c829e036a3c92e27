import AgentKit
import Foundation
import RecommendationAgent
import TestSupport
import Testing

@Suite("places and distances in integers")
struct PlaceTests {
    private let lahore = Place(latitude: 31_520_400, longitude: 74_358_700)
    private let karachi = Place(latitude: 24_860_700, longitude: 67_001_100)

    @Test("Lahore and Karachi are 1,033 km apart, either way")
    func known() {
        #expect(abs(lahore.metres(to: karachi) - 1_033_000) < 1000)
        #expect(lahore.metres(to: karachi) == karachi.metres(to: lahore))
        #expect(lahore.metres(to: lahore) == 0)
    }

    @Test("distances agree with haversine in floating point to a thousandth and two metres")
    func haversine() {
        var random = SeededGenerator.announced()
        for _ in 0..<2000 {
            let from = Place(
                latitude: Int64(random.int(in: -90_000_000...90_000_000)),
                longitude: Int64(random.int(in: -180_000_000...180_000_000)))
            let reach = random.pick([1000, 100_000, 10_000_000])
            let to = Place(
                latitude: min(90_000_000, max(-90_000_000, from.latitude + Int64(random.int(in: -reach...reach)))),
                longitude: min(180_000_000, max(-180_000_000, from.longitude + Int64(random.int(in: -reach...reach)))))
            let expected = exact(from, to)
            let found = Double(from.metres(to: to))
            #expect(abs(found - expected) <= expected / 1000 + 2, "\(from) to \(to): \(found), not \(expected)")
        }
    }

    private func exact(_ a: Place, _ b: Place) -> Double {
        func radians(_ millionths: Int64) -> Double { Double(millionths) / 1e6 * .pi / 180 }
        let north = sin(radians(b.latitude - a.latitude) / 2)
        let east = sin(radians(b.longitude - a.longitude) / 2)
        let haversine = north * north + cos(radians(a.latitude)) * cos(radians(b.latitude)) * east * east
        return 2 * 6_371_008.8 * asin(min(1, haversine.squareRoot()))
    }

    @Test("the way across the date line is short, and so is its neighbourhood")
    func dateLine() {
        let west = Place(latitude: 0, longitude: 179_990_000)
        let east = Place(latitude: 0, longitude: -179_990_000)
        #expect(abs(west.metres(to: east) - 2224) < 3)
        #expect(west.cell.neighbourhood.contains(east.cell))
        #expect(east.cell.neighbourhood.contains(west.cell))
        #expect(west.cell.neighbourhood.count == 9)
    }

    @Test(
        "decimals are read from their digits, half a millionth rounded up",
        arguments: [
            ("31.5204", 31_520_400), ("-74.3587001", -74_358_700), ("0.0000005", 1), ("0.00000049", 0),
            ("-7", -7_000_000),
            ("1e-7", 0), ("31.52040049999", 31_520_400), ("89.9999995", 90_000_000), ("0", 0),
        ])
    func digits(text: String, millionths: Int64) throws {
        let document = try Document.parse(Array("{\"lat\":\(text),\"lon\":\(text)}".utf8))
        var writer = CanonicalWriter(capacity: 64)
        writer.value(document.root)
        let root = try Document(adopting: writer.bytes).root
        let place = try #require(Place(root["lat"], root["lon"]))
        #expect(place.latitude == millionths && place.longitude == millionths)
    }

    @Test("a place is on Earth or it is none")
    func earth() {
        #expect(lahore.isOnEarth)
        #expect(Place(latitude: 90_000_000, longitude: -180_000_000).isOnEarth)
        #expect(!Place(latitude: 90_000_001, longitude: 0).isOnEarth)
        #expect(!Place(latitude: 0, longitude: -180_000_001).isOnEarth)
        #expect(Place(nil, nil) == nil)
    }
}
