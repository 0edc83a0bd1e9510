#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The kernel's calls that binding needs, so that a test can fail each of them.
package protocol SocketCalls {
    /// Gives a stream socket, not blocking and closed on exec.
    mutating func socket(_ domain: SocketDomain) throws(SystemCallError) -> CInt
    mutating func reuseAddress(_ descriptor: CInt) throws(SystemCallError)
    mutating func onlyIPv6(_ descriptor: CInt) throws(SystemCallError)
    mutating func bind(_ descriptor: CInt, to endpoint: ListenEndpoint) throws(SystemCallError)
    mutating func listen(_ descriptor: CInt, backlog: CInt) throws(SystemCallError)
    /// Where a socket is bound, and whether it has IPV6_V6ONLY.
    mutating func localEndpoint(_ descriptor: CInt) throws(SystemCallError) -> (ListenEndpoint, isIPv6Only: Bool)
    mutating func isListening(_ descriptor: CInt) -> Bool
    mutating func close(_ descriptor: CInt)
    /// Makes what the socket will leave in the file system the owner's alone.
    mutating func restrict(_ descriptor: CInt)
    mutating func restrict(path: String) throws(SystemCallError)
    mutating func fileKind(_ path: String) -> FileKind
    mutating func remove(path: String) throws(SystemCallError)
    /// Dials a unix socket to see whether somebody answers.
    mutating func dial(path: String) throws(SystemCallError)
}

package enum SocketDomain: Sendable, Hashable {
    case ipv4
    case ipv6
    case unix
}

package enum FileKind: Sendable, Hashable {
    case nothing
    case socket
    case other
}

/// A call of the kernel that failed.
package struct SystemCallError: Error, Sendable, Hashable, CustomStringConvertible {
    package var call: String
    package var code: CInt

    package init(call: String, code: CInt) {
        self.call = call
        self.code = code
    }

    /// `EADDRINUSE`, for those that binding and dialling meet; else `errno 5`.
    package var name: String {
        switch code {
        case EADDRINUSE: "EADDRINUSE"
        case EADDRNOTAVAIL: "EADDRNOTAVAIL"
        case EAFNOSUPPORT: "EAFNOSUPPORT"
        case ENETUNREACH: "ENETUNREACH"
        case EHOSTUNREACH: "EHOSTUNREACH"
        case ECONNREFUSED: "ECONNREFUSED"
        case ECONNRESET: "ECONNRESET"
        case ETIMEDOUT: "ETIMEDOUT"
        case EACCES: "EACCES"
        case EPERM: "EPERM"
        case ENOENT: "ENOENT"
        case ENOTSOCK: "ENOTSOCK"
        case EBADF: "EBADF"
        case EINVAL: "EINVAL"
        case EMFILE: "EMFILE"
        case ENFILE: "ENFILE"
        case EROFS: "EROFS"
        case ENOTDIR: "ENOTDIR"
        default: "errno \(code)"
        }
    }

    package var description: String { "\(call): \(name) (\(String(cString: strerror(code))))" }
}
