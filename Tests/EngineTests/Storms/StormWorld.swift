/// One event of a storm, without its envelope.
struct StormEvent: Equatable {
    let type: String
    /// The data as JSON.
    let data: String
    /// The sender.
    var authority = "local"
}

/// The people, products, services and franchises before a storm begins.
enum StormWorld {
    static let buyers = ["U-b1", "U-b2", "U-b3"]
    static let sellers = ["U-s1", "U-s2"]
    static let riders = ["U-r1", "U-r2"]
    static let owners = ["U-o1", "U-o2", "U-o3"]
    static let provider = "U-p1"
    /// A user who may own a franchise.
    static let investor = "U-rich"
    /// Accounts of one person, who deals with nobody else: a seller, a buyer and a rider.
    static let loners = ["U-loner", "U-loner-2", "U-loner-3"]
    static let people = buyers + sellers + riders + owners + [provider, investor]
    static let franchises = ["F-sub", "F-master", "F-corporate"]

    struct Product {
        let id: String
        let seller: String
        let price: Int
        let fee: Int?
        let currency: String
    }

    static let products = [
        Product(id: "P-1", seller: "U-s1", price: 10_000, fee: nil, currency: "PKR"),
        Product(id: "P-2", seller: "U-s1", price: 333_333, fee: 15_000, currency: "PKR"),
        Product(id: "P-3", seller: "U-s2", price: 7, fee: 299_999, currency: "PKR"),
        Product(id: "P-4", seller: "U-s2", price: 1_999, fee: nil, currency: "USD"),
    ]

    static func event(_ type: String, _ members: KeyValuePairs<String, Any?>, by authority: String = "local")
        -> StormEvent
    {
        let pairs = members.compactMap { name, value -> String? in
            guard let value else { return nil }
            return "\"\(name)\":" + text(of: value)
        }
        return StormEvent(type: type, data: "{" + pairs.joined(separator: ",") + "}", authority: authority)
    }

    private static func text(of value: Any) -> String {
        switch value {
        case let number as Int: "\(number)"
        case let flag as Bool: flag ? "true" : "false"
        case let texts as [String]: "[" + texts.map { "\"\($0)\"" }.joined(separator: ",") + "]"
        case let raw as Raw: raw.json
        default: "\"\(value)\""
        }
    }

    /// JSON as it is.
    struct Raw {
        let json: String
    }

    static let registrations: [StormEvent] = {
        var events = [
            event("area.registered", ["area": "pakistan"]),
            event("area.registered", ["area": "lahore", "parent": "pakistan"]),
            event("area.registered", ["area": "gulberg", "parent": "lahore"]),
        ]
        func join(_ id: String, _ role: String, _ level: String, referredBy: String? = nil) {
            events.append(
                event(
                    "user.registered",
                    ["userId": id, "role": role, "area": "gulberg", "level": level, "referredBy": referredBy]))
        }
        for owner in owners { join(owner, "affiliate", "high") }
        join(investor, "affiliate", "vip")
        for (index, tier) in ["sub", "master", "corporate"].enumerated() {
            events.append(
                event(
                    "franchise.registered",
                    [
                        "franchiseId": franchises[index], "tier": tier,
                        "area": ["gulberg", "lahore", "pakistan"][index],
                        "ownerId": owners[index],
                    ]))
        }
        for seller in sellers { join(seller, "seller", "normal") }
        for buyer in buyers { join(buyer, "buyer", "vip", referredBy: owners[0]) }
        for rider in riders { join(rider, "rider", "basic") }
        join(provider, "provider", "normal")
        for (loner, role) in zip(loners, ["seller", "buyer", "rider"]) {
            join(loner, role, "vip", referredBy: role == "buyer" ? loners[2] : nil)
        }
        for product in products {
            events.append(
                event(
                    "product.listed",
                    [
                        "productId": product.id, "sellerId": product.seller, "title": product.id,
                        "price": product.price,
                        "currency": product.currency, "stock": 40, "deliveryFee": product.fee, "category": "goods",
                        "tags": [String](), "area": "gulberg",
                    ]))
        }
        for buyer in buyers + [investor] {
            for (currency, amount) in [("PKR", 4_000_000), ("USD", 50_000)] {
                events.append(
                    event(
                        "wallet.deposited",
                        [
                            "depositId": "D-\(buyer)-\(currency)", "userId": buyer, "amount": amount,
                            "currency": currency, "provider": "bank",
                        ]))
            }
        }
        events.append(service("S-1", by: provider, price: 5_000))
        events.append(service("S-loner", by: loners[0], price: 5_000))
        events.append(
            event(
                "product.listed",
                [
                    "productId": "P-loner", "sellerId": loners[0], "title": "own", "price": 600_000, "currency": "PKR",
                    "stock": 1_000, "category": "goods", "tags": [String](), "area": "gulberg",
                ]))
        return events
    }()

    private static func service(_ id: String, by provider: String, price: Int) -> StormEvent {
        event(
            "service.registered",
            [
                "serviceId": id, "providerId": provider, "title": id, "price": price, "currency": "PKR",
                "license": Raw(json: #"{"kind":"call","calls":3}"#), "requiredLevel": "free", "available": true,
            ])
    }
}
