import AgentKit
import Ledger

extension WalletAgent {
    /// `{to, amount}` for each share, in their order; parts of money are money.
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

    /// What is wrong with shares that are known before anything is evaluated.
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
