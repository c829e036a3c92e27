import Glibc
import Synchronization

/// The `Date` of responses (RFC 9110, section 6.6.1), put into words once a second.
final class HTTPDate: Sendable {
    private let last = Mutex((second: time_t(-1), text: ""))

    /// The time now, as `Sun, 06 Nov 1994 08:49:37 GMT`.
    var text: String {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return last.withLock { last in
            if last.second != now.tv_sec { last = (now.tv_sec, Self.text(of: now.tv_sec)) }
            return last.text
        }
    }

    /// A time in seconds since 1970 as responses name it.
    static func text(of second: time_t) -> String {
        var second = second
        var parts = unsafe tm()
        var room = [CChar](repeating: 0, count: 32)
        // The program never sets a locale, so the names are English.
        let count =
            unsafe gmtime_r(&second, &parts) == nil
            ? 0 : unsafe strftime(&room, room.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
        return String(decoding: room[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
