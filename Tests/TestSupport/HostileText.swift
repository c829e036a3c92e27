/// Text of a stranger who wants to control the reader's terminal: it erases a line, writes one of its own, colours with
/// a one-byte control, and turns the direction of what follows.
package enum HostileText {
    /// A word that must never stand at the start of a line.
    package static let forgery = "FORGED"
    /// Text for members of data. Ids are of plain characters: the ingress refuses others.
    package static let data =
        "x\u{1B}[2K\r\n\(forgery) #99 order.refunded\u{9B}31m\u{85}\u{7F}\t\u{202E}\u{2066}\u{200F}\u{61C}\u{2028}\u{2029}"
    /// Text for attributes of an event, which may hold no controls but those of direction.
    package static let attribute = "x\u{202E}\u{2067}\u{200E}\u{2028}"

    /// The scalars of a printed text that it must not hold, in hexadecimal.
    package static func controls(in text: String) -> [String] {
        text.unicodeScalars.filter { scalar in
            switch scalar.value {
            case 0x0A: false
            case 0..<0x20, 0x7F...0x9F, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
            default: false
            }
        }.map { String($0.value, radix: 16) }
    }

    /// The lines of a printed text that the stranger has written.
    package static func forgedLines(in text: String) -> [Substring] {
        text.split { $0.isNewline }.filter { $0.drop(while: \.isWhitespace).hasPrefix(forgery) }
    }

    /// Events of a marketplace whose producers write such text wherever they may, in the order of time.
    package static let events: [String] = {
        let h = quoted(data), a = quoted(attribute)
        func id(_ name: String) -> String { quoted(name) }
        let bodies: [(type: String, data: String)] = [
            ("area.registered", #"{"area": \#(id("a"))}"#),
            (
                "user.registered",
                #"{"userId": \#(id("S")), "role": "seller", "area": \#(id("a")), "level": "vip", "name": \#(h)}"#
            ),
            (
                "user.registered",
                #"{"userId": \#(id("B")), "role": "buyer", "area": \#(id("a")), "level": "vip", "tags": [\#(h)]}"#
            ),
            (
                "product.listed",
                #"{"productId": \#(id("P")), "sellerId": \#(id("S")), "title": \#(h), "price": 10000, "currency": "PKR", "stock": 10, "category": \#(h), "tags": [\#(h)], "area": \#(id("a"))}"#
            ),
            (
                "wallet.deposited",
                #"{"depositId": \#(id("D")), "userId": \#(id("B")), "amount": 500000, "currency": "PKR", "provider": "bank"}"#
            ),
            (
                "order.placed",
                #"{"orderId": \#(id("O")), "buyerId": \#(id("B")), "sellerId": \#(id("S")), "productId": \#(id("P")), "quantity": 1, "amount": 10000, "currency": "PKR", "paymentMethod": "wallet", "area": \#(id("a")), "delivery": "self"}"#
            ),
            (
                "complaint.submitted",
                #"{"complaintId": \#(id("C")), "orderId": \#(id("O")), "userId": \#(id("B")), "kind": \#(h), "description": \#(h)}"#
            ),
            (
                "order.placed",
                #"{"orderId": \#(id("O2")), "buyerId": \#(id("B")), "sellerId": \#(id("S")), "productId": \#(id("P")), "quantity": 1, "amount": 10000, "currency": "PKR", "paymentMethod": "card", "area": \#(id("a")), "delivery": "self"}"#
            ),
            ("payment.failed", #"{"orderId": \#(id("O2")), "provider": \#(h), "reason": \#(h)}"#),
            (
                "service.registered",
                #"{"serviceId": \#(id("V")), "providerId": \#(id("S")), "title": \#(h), "price": 100, "currency": "PKR", "license": {"kind": "call", "calls": 5}, "requiredLevel": "free", "available": true, "tags": [\#(h)]}"#
            ),
            (
                "service.requested",
                #"{"requestId": \#(id("R")), "serviceId": \#(id("V")), "userId": \#(id("B")), "requirements": {\#(h): {\#(h): [\#(h)]}}}"#
            ),
            (
                "quality.reported",
                #"{"reportId": \#(id("Q")), "serviceId": \#(id("V")), "userId": \#(id("B")), "score": 1, "error": \#(h)}"#
            ),
        ]
        return bodies.enumerated().map { index, body in
            #"{"specversion": "1.0", "id": \#(quoted("\(index)" + attribute)), "source": \#(quoted("/s" + attribute)), "type": "\#(body.type)", "time": "2024-02-15T09:00:00Z", "subject": \#(a), "correlationid": \#(a), "data": \#(body.data)}"#
        }
    }()

    /// A JSON string.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            case " "..."~": result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return result + "\""
    }
}
