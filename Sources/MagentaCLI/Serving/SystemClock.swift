import FoundationEssentials
import MemoryModel

/// The host's time; the one place where it is read.
enum SystemClock {
    static var now: Timestamp {
        // `timespec` would do too, but belongs to another module where Swift's libraries are linked statically.
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    }
}
