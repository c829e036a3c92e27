/// The id of something generated: `U-17`.
struct Ident {
    let prefix: StaticString
    let number: Int
    /// What follows a colon: ids that the ledger mints join their parts so.
    var part: StaticString?

    static func user(_ number: Int) -> Ident { Ident(prefix: "U-", number: number) }
    static func product(_ number: Int) -> Ident { Ident(prefix: "P-", number: number) }
    static func order(_ number: Int) -> Ident { Ident(prefix: "O-", number: number) }
    static func complaint(_ number: Int) -> Ident { Ident(prefix: "C-", number: number) }
    static func franchise(_ number: Int) -> Ident { Ident(prefix: "F-", number: number) }
    static func service(_ number: Int) -> Ident { Ident(prefix: "S-", number: number) }
    static func request(_ number: Int) -> Ident { Ident(prefix: "R-", number: number) }
    /// The license that the ledger grants for a request.
    static func license(_ request: Int) -> Ident { Ident(prefix: "R-", number: request, part: "license") }
    static func lock(_ number: Int) -> Ident { Ident(prefix: "L-", number: number) }
}
