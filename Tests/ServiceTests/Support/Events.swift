/// Events that tests send.
enum Events {
    static let start = "2024-02-15T09:00:00Z"

    static func event(
        _ type: String, _ data: String, id: String, time: String? = start, subject: String? = nil, more: String = ""
    ) -> String {
        let time = time.map { #","time":"\#($0)""# } ?? ""
        let subject = subject.map { #","subject":"\#($0)""# } ?? ""
        return #"{"specversion":"1.0","id":"\#(id)","source":"/tests","type":"\#(type)"\#(time)\#(subject)\#(more),"#
            + #""data":\#(data)}"#
    }

    static func area(_ name: String, id: String, time: String? = start, note: String? = nil) -> String {
        event(
            "area.registered", #"{"area":"\#(name)"}"#, id: id, time: time, subject: name,
            more: note.map { #","note":"\#($0)""# } ?? "")
    }

    static func deposit(_ id: String, to user: String, _ amount: Int = 1000, time: String? = start) -> String {
        event(
            "wallet.deposited",
            #"{"depositId":"\#(id)","userId":"\#(user)","amount":\#(amount),"currency":"PKR","provider":"bank"}"#,
            id: id, time: time)
    }

    static func payment(_ id: String, _ amount: Int, from: String, to: String, time: String? = start) -> String {
        event(
            "wallet.payment.requested",
            #"{"paymentId":"\#(id)","fromUserId":"\#(from)","toUserId":"\#(to)","amount":\#(amount),"currency":"PKR"}"#,
            id: id, time: time)
    }

    static func user(_ id: String, name: String, event: String) -> String {
        self.event(
            "user.registered", #"{"userId":"\#(id)","role":"buyer","area":"lahore","name":"\#(name)"}"#, id: event,
            subject: id)
    }
}
