import Listeners

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What tells one version of a file from the next: rewritten in place, or replaced by another.
struct FileVersion: Sendable, Hashable {
    var inode: UInt64
    var size: Int64
    /// Nanoseconds since 1970.
    var modified: Int64

    /// `nil` where there is no such file. Follows links: certbot and Kubernetes change where one points to.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        modified = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    init(inode: UInt64, size: Int64, modified: Int64) {
        self.inode = inode
        self.size = size
        self.modified = modified
    }
}

/// Decides when a certificate and its key are read again.
struct CertificateReload {
    struct Versions: Hashable {
        var certificate: FileVersion?
        var key: FileVersion?
    }

    /// Of the last attempt, good or not: what could not be read is not tried again, and not told again, before it changes.
    private var tried: Versions?

    /// - Parameters:
    ///   - found: looked up before the files are read: a change in between shows at the next look.
    ///   - isAsked: whether somebody said that they are to be read, changed or not.
    /// - Returns: whether to read now.
    mutating func look(_ found: Versions, isAsked: Bool) -> Bool {
        defer { tried = found }
        return isAsked || found != tried
    }
}
