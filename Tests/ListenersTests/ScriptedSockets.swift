import Listeners

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A kernel that does as it is told: ports that are taken, families that are missing, calls that fail.
final class ScriptedSockets: SocketCalls {
    var missing: Set<SocketDomain> = []
    /// What bind says of an address, on any port.
    var bindErrors: [InternetAddress: CInt] = [:]
    var taken: Set<ListenEndpoint> = []
    /// The ports that the kernel gives for port 0, in this order.
    var freePorts: [UInt16] = [40001, 40002, 40003]
    /// What one named call says instead of doing anything.
    var failing: [String: CInt] = [:]
    var files: [String: FileKind] = [:]
    var dialCode: CInt = ECONNREFUSED
    var descriptors: [CInt: (ListenEndpoint, isIPv6Only: Bool, isListening: Bool)] = [:]

    private(set) var open: [CInt: ListenEndpoint?] = [:]
    private(set) var options: [CInt: [String]] = [:]
    private(set) var removed: [String] = []
    private var next: CInt = 100

    func fail(_ call: String) throws(SystemCallError) {
        if let code = failing[call] { throw SystemCallError(call: call, code: code) }
    }

    func socket(_ domain: SocketDomain) throws(SystemCallError) -> CInt {
        try fail("socket")
        guard !missing.contains(domain) else { throw SystemCallError(call: "socket", code: EAFNOSUPPORT) }
        next += 1
        open[next] = .some(nil)
        return next
    }

    func reuseAddress(_ descriptor: CInt) throws(SystemCallError) {
        try fail("reuseAddress")
        options[descriptor, default: []].append("reuse")
    }

    func onlyIPv6(_ descriptor: CInt) throws(SystemCallError) {
        try fail("onlyIPv6")
        options[descriptor, default: []].append("v6only")
    }

    func bind(_ descriptor: CInt, to endpoint: ListenEndpoint) throws(SystemCallError) {
        try fail("bind")
        var place = endpoint
        if case .internet(let address, let port) = endpoint {
            if let code = bindErrors[address] { throw SystemCallError(call: "bind", code: code) }
            if port == 0 { place = .internet(address, port: freePorts.isEmpty ? 50000 : freePorts.removeFirst()) }
        }
        if taken.contains(place) { throw SystemCallError(call: "bind", code: EADDRINUSE) }
        open[descriptor] = place
        if case .unix(let path) = place { files[path] = .socket }
    }

    func listen(_ descriptor: CInt, backlog: CInt) throws(SystemCallError) { try fail("listen") }

    func localEndpoint(_ descriptor: CInt) throws(SystemCallError) -> (ListenEndpoint, isIPv6Only: Bool) {
        try fail("localEndpoint")
        if let inherited = descriptors[descriptor] { return (inherited.0, inherited.isIPv6Only) }
        guard let place = open[descriptor] ?? nil else { throw SystemCallError(call: "getsockname", code: EBADF) }
        return (place, options[descriptor]?.contains("v6only") ?? false)
    }

    func isListening(_ descriptor: CInt) -> Bool { descriptors[descriptor]?.isListening ?? true }

    func close(_ descriptor: CInt) { open[descriptor] = nil }

    func restrict(_ descriptor: CInt) { options[descriptor, default: []].append("restrict") }

    func restrict(path: String) throws(SystemCallError) { try fail("chmod") }

    func fileKind(_ path: String) -> FileKind { files[path] ?? .nothing }

    func remove(path: String) throws(SystemCallError) {
        try fail("remove")
        removed.append(path)
        files[path] = nil
    }

    func dial(path: String) throws(SystemCallError) {
        if dialCode != 0 { throw SystemCallError(call: "connect", code: dialCode) }
    }
}
