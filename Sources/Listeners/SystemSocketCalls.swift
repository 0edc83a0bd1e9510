#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

import Diagnosis

/// The kernel itself.
package struct SystemSocketCalls: SocketCalls {
    package init() {}

    package func socket(_ domain: SocketDomain) throws(SystemCallError) -> CInt {
        let family =
            switch domain {
            case .ipv4: AF_INET
            case .ipv6: AF_INET6
            case .unix: AF_UNIX
            }
        #if canImport(Glibc)
            let descriptor = Glibc.socket(family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        #elseif canImport(Musl)
            let descriptor = Musl.socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)
        #else
            let descriptor = Darwin.socket(family, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { throw SystemCallError(call: "socket", code: errno) }
        #if canImport(Darwin)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        #endif
        return descriptor
    }

    package func reuseAddress(_ descriptor: CInt) throws(SystemCallError) {
        try set(descriptor, SOL_SOCKET, SO_REUSEADDR, name: "setsockopt SO_REUSEADDR")
    }

    package func onlyIPv6(_ descriptor: CInt) throws(SystemCallError) {
        try set(descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY, name: "setsockopt IPV6_V6ONLY")
    }

    private func set(_ descriptor: CInt, _ level: CInt, _ option: CInt, name: String) throws(SystemCallError) {
        var one: CInt = 1
        guard setsockopt(descriptor, level, option, &one, socklen_t(MemoryLayout<CInt>.size)) == 0 else {
            throw SystemCallError(call: name, code: errno)
        }
    }

    package func bind(_ descriptor: CInt, to endpoint: ListenEndpoint) throws(SystemCallError) {
        let code = withSocketAddress(endpoint) { systemBind(descriptor, $0, $1) == 0 ? 0 : errno }
        guard code == 0 else { throw SystemCallError(call: "bind", code: code) }
    }

    package func listen(_ descriptor: CInt, backlog: CInt) throws(SystemCallError) {
        guard systemListen(descriptor, backlog) == 0 else { throw SystemCallError(call: "listen", code: errno) }
    }

    package func localEndpoint(_ descriptor: CInt) throws(SystemCallError) -> (ListenEndpoint, isIPv6Only: Bool) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let code = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) == 0 ? 0 : errno }
        }
        guard code == 0 else { throw SystemCallError(call: "getsockname", code: code) }
        guard let endpoint = endpoint(of: storage) else { throw SystemCallError(call: "getsockname", code: EAFNOSUPPORT) }
        return (endpoint, endpoint.family == .ipv6 && option(descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY) == 1)
    }

    package func isListening(_ descriptor: CInt) -> Bool {
        #if canImport(Darwin)
            // Darwin has no SO_ACCEPTCONN to read; accept says it later.
            true
        #else
            option(descriptor, SOL_SOCKET, SO_ACCEPTCONN) == 1
        #endif
    }

    private func option(_ descriptor: CInt, _ level: CInt, _ option: CInt) -> CInt {
        var value: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(descriptor, level, option, &value, &length) == 0 ? value : 0
    }

    package func close(_ descriptor: CInt) { systemClose(descriptor) }

    package func restrict(_ descriptor: CInt) {
        // Linux gives the socket's own mode to its file, so that there is no moment in which others may dial. Darwin refuses it.
        _ = fchmod(descriptor, 0o600)
    }

    package func restrict(path: String) throws(SystemCallError) {
        guard chmod(path, 0o600) == 0 else { throw SystemCallError(call: "chmod", code: errno) }
    }

    package func fileKind(_ path: String) -> FileKind {
        var status = stat()
        guard lstat(path, &status) == 0 else { return .nothing }
        return status.st_mode & S_IFMT == S_IFSOCK ? .socket : .other
    }

    package func remove(path: String) throws(SystemCallError) {
        guard unlink(path) == 0 else { throw SystemCallError(call: "unlink", code: errno) }
    }

    package func dial(path: String) throws(SystemCallError) {
        let descriptor = try socket(.unix)
        defer { close(descriptor) }
        let code = withSocketAddress(.unix(path: path)) { systemConnect(descriptor, $0, $1) == 0 ? 0 : errno }
        // EAGAIN: its queue is full, so somebody is there.
        guard code == 0 || code == EAGAIN || code == EINPROGRESS else { throw SystemCallError(call: "connect", code: code) }
    }
}

// A method's own name hides the function of the C library that it calls.
private func systemBind(_ descriptor: CInt, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> CInt {
    bind(descriptor, address, length)
}

private func systemConnect(_ descriptor: CInt, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> CInt {
    connect(descriptor, address, length)
}

private func systemListen(_ descriptor: CInt, _ backlog: CInt) -> CInt { listen(descriptor, backlog) }

private func systemClose(_ descriptor: CInt) { _ = close(descriptor) }
