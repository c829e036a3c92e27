/// Complaints about services, and what becomes of them.
extension Services {
    mutating func complain(_ number: Int, _ scene: inout Scene) {
        let request = requests[number]
        guard !request.isRevoked, !scene.people[request.user].isGone else { return }
        let description = scene.random.pick(["the answers are wrong", "half of it is missing", "it is of no use"])
        scene.emit("complaint.submitted", from: "/ai", about: request.complaint) {
            $0.member("complaintId", request.complaint)
            $0.member("requestId", request.id)
            $0.member("userId", .user(request.user))
            $0.member("kind", "quality")
            $0.member("description", description)
        }
        // Some franchises do not answer in time.
        scene.plan(.services(.resolve(number)), hours: scene.random.chance(800) ? 0...5 : 7...17)
    }

    mutating func resolve(_ number: Int, _ scene: inout Scene) {
        let request = requests[number], service = services[request.service], area = scene.people[request.user].area
        let outcome = scene.random.pick(["partial", "partial", "refund", "rejected"])
        let part = max(1, service.price * scene.random.int(20...60) / 100)
        let franchise = scene.places.franchise(.sub, for: area) ?? scene.places.franchise(.master, for: area) ?? 0
        scene.emit("complaint.resolved", from: "/franchises", about: request.complaint) {
            $0.member("complaintId", request.complaint)
            $0.member("outcome", outcome)
            if outcome == "partial" { $0.member("refundAmount", part) }
            $0.member("by", .franchise(franchise))
        }
        guard outcome != "rejected" else { return }
        scene.people[request.user].purse[service.currency] += outcome == "partial" ? part : service.price
        if outcome == "refund" { requests[number].isRevoked = true }
    }
}
