#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The time of day, which expiry needs and a monotonic clock cannot tell.
enum WallClock {
    /// Seconds since 1970.
    static func now() -> UInt32 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt32(clamping: time.tv_sec)
    }
}
