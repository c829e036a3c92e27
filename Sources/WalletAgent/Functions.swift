package import AgentKit
import Ledger

extension WalletAgent {
    /// The functions about accounts, transfers, debts and shares that rules may call.
    package static func functions(_ state: WalletState) -> [Function] {
        balances(state) + books(state) + posting(state) + debts(state) + people(state) + holdings(state)
            + [
                Function(
                    "allot",
                    [
                        .init([.money, .list(.dyn)], result: .list(.dyn), cost: 20) { allot($0[0], $0[1]) },
                        .init([.int, .list(.dyn)], result: .list(.dyn), cost: 20) { allot($0[0], $0[1]) },
                    ],
                    judge: judgeAllotment)
            ]
    }

    private static func balances(_ state: WalletState) -> [Function] {
        [
            Function(
                "balance", [.init([.string], result: .money) { state.amount(of: $0[0]) { $0.balance.saturated } }]),
            Function(
                "available", [.init([.string], result: .money) { state.amount(of: $0[0]) { $0.available.saturated } }]),
            Function(
                "income",
                [
                    .init([.string, .timestamp], result: .money, cost: 10) { arguments in
                        guard let account = arguments[0].stringValue, case .timestamp(let since) = arguments[1] else {
                            return .failure(.invalidArgument, "an account and a moment")
                        }
                        return money(state.income(account, after: Instant(since)), account)
                    }
                ]),
            Function(
                "credited",
                [
                    .init([.list(.dyn), .string], result: .money, cost: 10) { arguments in
                        Self.sum(arguments) { $0.creditAccount }
                    }
                ]),
            Function(
                "debited",
                [
                    .init([.list(.dyn), .string], result: .money, cost: 10) { arguments in
                        Self.sum(arguments) { $0.debitAccount }
                    }
                ]),
        ]
    }

    private static func books(_ state: WalletState) -> [Function] {
        [Function("imbalances", [.init([], result: .list(.dyn), cost: 1000) { _ in .list(state.imbalances()) }])]
    }

    private static func posting(_ state: WalletState) -> [Function] {
        func function(_ name: String, _ checks: PostingChecks) -> Function {
            let body: Function.Body = { arguments in
                let first = arguments.count > 1 ? arguments[1].intValue ?? -1 : 0
                guard let transfers = TransferReader.transfers(arguments[0]),
                    transfers.allWellFormed, first >= 0, first <= 1_000_000
                else { return .failure(.invalidArgument, "a list of transfers") }
                guard arguments.charge(UInt64(transfers.count)) else { return .failure(.costExceeded, "cost limit") }
                return state.post(transfers, first: Int(first), checks)
            }
            return Function(
                name,
                [
                    .init([.list(.dyn)], result: .dyn, cost: 10, body: body),
                    .init([.list(.dyn), .int], result: .dyn, cost: 10, body: body),
                    .init([.string, .string, .money], result: .dyn, cost: 10) { state.postOne($0, checks) },
                ])
        }
        return [
            function("post", []), function("spend", .debts), function("pay", [.debts, .parties]),
            Function(
                "payments",
                [.init([.list(.dyn), .string], result: .list(.dyn), cost: 10) { Payments.transfers($0[0], $0[1]) }]),
        ]
    }

    private static func debts(_ state: WalletState) -> [Function] {
        [
            Function("openDebts", [.init([], result: .int) { _ in .int(state.openDebts) }]),
            Function(
                "collectable",
                [
                    .init([.list(.dyn), .int], result: .list(.dyn), cost: 10) { arguments in
                        guard let transfers = TransferReader.transfers(arguments[0]), let most = arguments[1].intValue,
                            most > 0
                        else { return .failure(.invalidArgument, "a list of transfers and a number") }
                        return .list(state.collectable(transfers, most: Int(most)).map(\.celValue))
                    }
                ]),
            Function(
                "cashClaims",
                [
                    .init([.string, .money], result: .list(.dyn), cost: 100) { arguments in
                        guard let user = arguments[0].stringValue, case .money(let money) = arguments[1] else {
                            return .failure(.invalidArgument, "a user and an amount")
                        }
                        let account = "wallet/" + user + "/" + money.currency.text
                        return .list(
                            state.cashClaims(on: account, upTo: Amount(money.minorUnits)).map(\.celValue))
                    }
                ]),
            Function(
                "combined",
                [
                    .init([.list(.dyn)], result: .list(.dyn), cost: 10) { arguments in
                        guard let transfers = TransferReader.transfers(arguments[0]),
                            transfers.allWellFormed
                        else { return .failure(.invalidArgument, "a list of transfers") }
                        guard arguments.charge(UInt64(transfers.count)) else {
                            return .failure(.costExceeded, "cost limit")
                        }
                        return .host(TransferList(requested: TransferList.combined(transfers)), 0)
                    }
                ]),
        ]
    }

    private static func people(_ state: WalletState) -> [Function] {
        [
            Function(
                "isHolder", [.init([.string], result: .bool) { .bool(state.isHolder($0[0].stringValue ?? "")) }]),
            Function(
                "shareOfLimits",
                [
                    .init([.string, .timestamp, .money, .map(.string, .int)], result: .int, cost: 20) { arguments in
                        guard let user = arguments[0].stringValue, case .timestamp(let since) = arguments[1],
                            let amount = arguments[2].moneyValue
                        else { return .failure(.invalidArgument, "a user, a moment and an amount") }
                        let limits = MapReader(arguments[3])
                        return .int(
                            state.shareOfLimits(user, after: Instant(since), with: amount) { limits.integer($0) })
                    }
                ]),
            Function(
                "lockedCoins",
                [
                    .init([.string, .string], result: .money) { arguments in
                        guard let user = arguments[0].stringValue, let currency = arguments[1].stringValue,
                            let code = CurrencyCode(currency)
                        else { return .failure(.invalidArgument, "a user and a currency") }
                        return .money(
                            Money(state.lockedCoins[user + "/" + currency]?.value.saturated.minorUnits ?? 0, code))
                    }
                ]),
        ]
    }

    /// Returns an amount in the currency of an account.
    private static func money(_ amount: Amount, _ account: String) -> Value {
        guard let currency = AccountPath.currency(account) else {
            return .failure(.invalidArgument, "an account that ends in no currency")
        }
        return .money(Money(amount.minorUnits, currency))
    }

    /// Sums the transfers that move money at once over one side of an account, in its currency.
    private static func sum(_ arguments: Arguments, _ side: (Transfer) -> String) -> Value {
        guard let account = arguments[1].stringValue, let transfers = TransferReader.transfers(arguments[0]) else {
            return .failure(.invalidArgument, "a list of transfers and an account")
        }
        let sum = transfers.reduce(Amount.zero) { sum, transfer in
            side(transfer) == account && transfer.flags.movesAtOnce ? sum + transfer.amount : sum
        }
        return money(sum, account)
    }
}

extension TransferFlags {
    /// Indicates that the transfer moves its amount at once: it neither reserves nor releases it.
    var movesAtOnce: Bool { isDisjoint(with: [.pending, .voidPendingTransfer]) }
}

extension WalletAgent {
    /// A person's money in the wallet, by currency: `holdings(user)`, the available amounts, and `withheld(user)`, the
    /// amounts reserved for pending transfers. Currencies with nothing are left out.
    static func holdings(_ state: WalletState) -> [Function] {
        func list(_ name: String, _ amount: @escaping @Sendable (Account) -> Total) -> Function {
            Function(
                name,
                [
                    .init([.string], result: .list(.money), cost: 10) { arguments in
                        guard let user = arguments[0].stringValue else {
                            return .failure(.invalidArgument, "a user")
                        }
                        return .list(state.wallet(of: user, amount).map(Value.money))
                    }
                ])
        }
        return [list("holdings") { $0.available }, list("withheld") { $0.debitsPending }]
    }
}

extension WalletAgent {
    /// Returns `{to, amount}` for each share, in their order; the parts of money are money.
    static func allot(_ amount: Value, _ shares: Value) -> Value {
        guard let minorUnits = amount.intValue ?? amount.moneyValue?.minorUnits, Amount(minorUnits).isInRange else {
            return .failure(.invalidArgument, "an amount is 0 to 2^53 - 1")
        }
        func part(_ minorUnits: Int64) -> Value {
            amount.moneyValue.map { .money(Money(minorUnits, $0.currency)) } ?? .int(minorUnits)
        }
        var receivers: [String] = []
        var parts: [Share] = []
        do throws(AllotmentError) {
            for element in elements(shares) {
                let map = MapReader(element)
                guard let to = map.text("to") else {
                    return .failure(.invalidArgument, "a share names who it goes `to`")
                }
                receivers.append(to)
                if let basisPoints = map.integer("share") {
                    parts.append(try Share(basisPoints: basisPoints))
                } else {
                    parts.append(try Share(map.text("share") ?? ""))
                }
            }
            let amounts = try Allotment(parts).parts(of: Amount(minorUnits))
            return .list(
                zip(receivers, amounts).map { to, amount in
                    .map(
                        MapValue(
                            sortedKeys: [.string("amount"), .string("to")],
                            values: [part(amount.minorUnits), .string(to)]))
                })
        } catch {
            return .failure(.invalidArgument, error.rawValue)
        }
    }

    /// Returns the fault of shares that are constant in the rule; nil where there is none, or they are not constant.
    static func judgeAllotment(_ arguments: [KnownArgument]) -> String? {
        guard arguments.count == 2, let elements = arguments[1].elements else { return nil }
        var shares: [Share] = []
        do throws(AllotmentError) {
            for element in elements {
                switch element.member("share").value {
                case .int(let basisPoints): shares.append(try Share(basisPoints: basisPoints))
                case .string(let text): shares.append(try Share(text))
                default: return nil
                }
            }
            _ = try Allotment(shares)
            return nil
        } catch {
            return error.description
        }
    }

    private static func elements(_ list: Value) -> [Value] {
        switch list {
        case .list(let elements): elements
        case .host(let host, let node): (0..<host.count(node)).compactMap { host.element(node, $0) }
        default: []
        }
    }
}
