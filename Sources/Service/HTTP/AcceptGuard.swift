import Glibc
import NIOCore

/// Watches over the listening socket: it accepts no more connections than there are files for, and rests where the system
/// has none left. Who comes then waits in the socket's queue until another connection ends.
final class AcceptGuard: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never
    typealias OutboundOut = Never

    private let connectionsMax: Int
    private var connections = 0
    private var isPaused = false
    private var isResting = false

    init(connectionsMax: Int) { self.connectionsMax = connectionsMax }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connections += 1
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        unwrapInboundIn(data).closeFuture.hop(to: context.eventLoop).whenComplete { _ in
            let (guarding, context) = bound.value
            guarding.connections -= 1
            guarding.update(context)
        }
        update(context)
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) { if !isPaused { context.read() } }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError, [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.errnoCode) else {
            return context.fireErrorCaught(error)
        }
        // The connection still waits, so the socket stays readable: asking again at once would never end.
        guard !isResting else { return }
        isResting = true
        update(context)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(ServiceLimits.acceptRestMilliseconds)) {
            let (guarding, context) = bound.value
            guarding.isResting = false
            guarding.update(context)
        }
    }

    private func update(_ context: ChannelHandlerContext) {
        let pauses = isResting || connections >= connectionsMax
        guard pauses != isPaused else { return }
        isPaused = pauses
        context.channel.setOption(.autoRead, value: !pauses).whenFailure { _ in }
    }
}
