package import AgentKit
import Ledger

extension WalletAgent {
    package static func functions(_ state: WalletState) -> [Function] {
        balances(state) + books(state) + posting(state) + coins(state)
            + [
                Function(
                    "allot", [.init([.int, .list(.dyn)], result: .list(.dyn), cost: 20) { allot($0[0], $0[1]) }],
                    judge: judgeAllotment)
            ]
    }

    private static func balances(_ state: WalletState) -> [Function] {
        [
            Function(
                "balance",
                [.init([.string], result: .int) { .int(state.account($0[0])?.balance.saturated.minorUnits ?? 0) }]),
            Function(
                "available",
                [.init([.string], result: .int) { .int(state.account($0[0])?.available.saturated.minorUnits ?? 0) }]),
            Function(
                "income",
                [
                    .init([.string, .timestamp], result: .int, cost: 10) { arguments in
                        guard let account = arguments[0].stringValue, case .timestamp(let since) = arguments[1] else {
                            return .failure(.invalidArgument, "an account and a moment")
                        }
                        return .int(state.income(account, after: Instant(since)).minorUnits)
                    }
                ]),
            Function(
                "credited",
                [
                    .init([.list(.dyn), .string], result: .int, cost: 10) { arguments in
                        guard let account = arguments[1].stringValue,
                            let transfers = TransferReader.transfers(arguments[0])
                        else { return .failure(.invalidArgument, "a list of transfers and an account") }
                        return .int(Self.credited(transfers, account).minorUnits)
                    }
                ]),
        ]
    }

    private static func books(_ state: WalletState) -> [Function] {
        [Function("imbalances", [.init([], result: .list(.dyn), cost: 1000) { _ in .list(state.imbalances()) }])]
    }

    private static func posting(_ state: WalletState) -> [Function] {
        let body: Function.Body = { arguments in
            let first = arguments.count > 1 ? arguments[1].intValue ?? -1 : 0
            guard let transfers = TransferReader.transfers(arguments[0]),
                transfers.allSatisfy(\.isWellFormed), first >= 0, first <= 1_000_000
            else { return .failure(.invalidArgument, "a list of transfers") }
            guard arguments.charge(UInt64(transfers.count)) else { return .failure(.costExceeded, "cost limit") }
            return state.post(transfers, first: Int(first))
        }
        return [
            Function(
                "post",
                [
                    .init([.list(.dyn)], result: .dyn, cost: 10, body: body),
                    .init([.list(.dyn), .int], result: .dyn, cost: 10, body: body),
                    .init([.string, .string, .int, .string], result: .dyn, cost: 10) { state.postOne($0) },
                ]),
            Function(
                "payments",
                [.init([.list(.dyn), .string], result: .list(.dyn), cost: 10) { Payments.transfers($0[0], $0[1]) }]),
            Function("openDebts", [.init([], result: .int) { _ in .int(state.openDebts) }]),
            Function(
                "collectable",
                [
                    .init([.list(.dyn)], result: .list(.dyn), cost: 10) { arguments in
                        guard let transfers = TransferReader.transfers(arguments[0]) else {
                            return .failure(.invalidArgument, "a list of transfers")
                        }
                        return .list(state.collectable(transfers).map(\.celValue))
                    }
                ]),
        ]
    }

    private static func coins(_ state: WalletState) -> [Function] {
        [
            Function(
                "lockedCoins",
                [
                    .init([.string, .string], result: .int) { arguments in
                        guard let user = arguments[0].stringValue, let currency = arguments[1].stringValue else {
                            return .failure(.invalidArgument, "a user and a currency")
                        }
                        return .int(state.lockedCoins[user + "/" + currency]?.value ?? 0)
                    }
                ]),
            Function(
                "monthsAfter",
                [
                    .init([.timestamp, .int], result: .timestamp) { arguments in
                        guard case .timestamp(let from) = arguments[0], let months = arguments[1].intValue,
                            let later = Months.later(Instant(from), by: months)
                        else { return .failure(.overflow, "a moment outside the years 1 to 9999") }
                        return .timestamp(Timestamp(later))
                    }
                ]),
        ]
    }

    private static func credited(_ transfers: [Transfer], _ account: String) -> Amount {
        transfers.reduce(.zero) { sum, transfer in
            transfer.creditAccount == account && transfer.flags.movesAtOnce ? sum + transfer.amount : sum
        }
    }
}

extension Transfer {
    /// Whether its figures are within the ledger's range; what they mean is for the ledger to check.
    var isWellFormed: Bool { amount.isInRange && timeoutSeconds >= 0 }
}

extension TransferFlags {
    /// Whether the amount arrives with this transfer: it neither reserves nor lets go.
    var movesAtOnce: Bool { isDisjoint(with: [.pending, .voidPendingTransfer]) }
}
