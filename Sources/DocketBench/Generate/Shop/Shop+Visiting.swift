/// What people do before they order.
extension Shop {
    mutating func visit(_ person: Int, _ scene: inout Scene) {
        guard !scene.people[person].isGone, !products.isEmpty else { return }
        lookIn(person, &scene)
        let product = scene.random.popular(below: products.count)
        if scene.random.chance(450) {
            scene.plan(.shop(.search(by: person, product: product)), minutes: 0...2)
        }
        for _ in 0..<scene.random.int(0...2) {
            let other = scene.random.popular(below: products.count)
            scene.plan(.shop(.view(by: person, product: other)), minutes: 3...10)
        }
        guard scene.random.chance(450) else { return }
        scene.plan(.shop(.view(by: person, product: product)), minutes: 3...10)
        scene.plan(.shop(.place(by: person, product: product)), minutes: 11...30)
    }

    mutating func lookIn(_ person: Int, _ scene: inout Scene) {
        visits += 1
        emit("session.started", "sessionId", Ident(prefix: "VISIT-", number: visits), of: person, terms: [], &scene)
    }

    mutating func search(_ product: Int, by person: Int, _ scene: inout Scene) {
        searches += 1
        let tag = scene.random.pick(Category.all[products[product].category].tags)
        let terms = [tag] + (scene.random.chance(400) ? [scene.random.pick(Category.looks).lowercased()] : [])
        emit(
            "search.performed", "searchId", Ident(prefix: "SEARCH-", number: searches), of: person, terms: terms, &scene
        )
    }

    func view(_ product: Int, by person: Int, _ scene: inout Scene) {
        scene.emit("product.viewed", from: "/gosellr", about: .user(person)) {
            $0.member("userId", .user(person))
            $0.member("productId", .product(product))
        }
    }

    /// Some tell where they are.
    private func emit(
        _ type: StaticString, _ name: StaticString, _ id: Ident, of person: Int, terms: [String], _ scene: inout Scene
    ) {
        let area = scene.places.areas[scene.people[person].area], hasLocation = scene.random.chance(600)
        scene.emit(type, from: "/gosellr", about: .user(person)) {
            $0.member(name, id)
            $0.member("userId", .user(person))
            if !terms.isEmpty { $0.member("terms", terms) }
            guard hasLocation else { return }
            $0.object("location") {
                $0.member("lat", hundredths: area.latitude)
                $0.member("lon", hundredths: area.longitude)
            }
        }
    }
}
