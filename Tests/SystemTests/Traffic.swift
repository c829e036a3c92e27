/// Events of a marketplace in an order in which all of them are accepted: users with money who pay one another and order.
struct Traffic {
    static let users = 20
    static let price = 1000

    /// What must be there before anything else.
    static var setUp: [String] {
        var events = [event("area-1", "area.registered", #""area":"town""#)]
        for (index, tier) in ["corporate", "master", "sub"].enumerated() {
            events.append(
                event(
                    "franchise-\(index)", "franchise.registered",
                    #""franchiseId":"F-\#(tier)","tier":"\#(tier)","area":"town","ownerId":"U-seller""#))
        }
        events.append(user("U-seller", role: "seller", level: "vip"))
        events.append(
            event(
                "product", "product.listed",
                #""productId":"P-1","sellerId":"U-seller","title":"Thing","price":\#(price),"currency":"PKR""#
                    + #","stock":1000000,"category":"things","tags":[],"area":"town""#))
        for number in 0..<users {
            events.append(user("U-\(number)", role: "buyer", level: "basic"))
            events.append(
                event(
                    "deposit-\(number)", "wallet.deposited",
                    #""depositId":"D-\#(number)","userId":"U-\#(number)","amount":100000000,"currency":"PKR","provider":"bank""#
                ))
        }
        return events
    }

    /// `count` events of one client: payments, and orders from placing to completion.
    static func events(of client: String, count: Int) -> [String] {
        (0..<count).map { index in
            let order = index / 8, buyer = "U-\(order % users)", orderId = #""orderId":"O-\#(client)-\#(order)""#
            let id = "\(client)-\(index)"
            switch index % 8 {
            case 0:
                return event(
                    id, "order.placed",
                    orderId
                        + #","buyerId":"\#(buyer)","sellerId":"U-seller","productId":"P-1","quantity":1,"amount":\#(price)"#
                        + #","currency":"PKR","paymentMethod":"wallet","area":"town","delivery":"franchise""#)
            case 2: return event(id, "order.dispatched", orderId)
            case 4: return event(id, "order.delivered", orderId)
            case 6: return event(id, "order.completed", orderId)
            default:
                return event(
                    id, "wallet.payment.requested",
                    #""paymentId":"\#(id)","fromUserId":"\#(buyer)","toUserId":"U-\#((order + 7) % users)","amount":5"#
                        + #","currency":"PKR""#)
            }
        }
    }

    static func event(_ id: String, _ type: String, _ data: String) -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/test","type":"\#(type)","data":{\#(data)}}"#
    }

    private static func user(_ id: String, role: String, level: String) -> String {
        event(
            "user-\(id)", "user.registered",
            #""userId":"\#(id)","role":"\#(role)","area":"town","level":"\#(level)","trustScore":80,"name":"Someone""#)
    }
}
