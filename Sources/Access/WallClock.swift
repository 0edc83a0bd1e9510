#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The time of day, which expiry needs and a monotonic clock cannot tell.
package enum WallClock {
    /// Seconds since 1970.
    package static func seconds() -> UInt32 { UInt32(clamping: now().tv_sec) }

    /// Milliseconds since 1970.
    package static func milliseconds() -> Int64 {
        let time = now()
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    private static func now() -> timespec {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time
    }
}
