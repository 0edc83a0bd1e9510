#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

import Diagnosis

/// Carries out a ``BindPlan``: all of it or, after an error, nothing.
package struct ListenerBinding {
    package struct Outcome: Sendable, Hashable {
        package var listeners: [BoundListener]
        /// One sentence each: a family that the host lacks.
        package var warnings: [String]
    }

    private var calls: any SocketCalls
    private let owner: (ListenEndpoint) -> PortOwner
    private var bound: [BoundListener] = []
    private var warnings: [String] = []
    /// How many connections wait in the kernel before they are accepted.
    package static let backlog: CInt = 1024
    /// How often one port is sought that is free on both families.
    private static let portTries = 16

    package init(
        calls: any SocketCalls = SystemSocketCalls(), owner: @escaping (ListenEndpoint) -> PortOwner = { PortOwner(of: $0) }
    ) {
        self.calls = calls
        self.owner = owner
    }

    package static func bind(_ plan: BindPlan) throws(ListenError) -> Outcome {
        var binding = ListenerBinding()
        return try binding.carryOut(plan)
    }

    package mutating func carryOut(_ plan: BindPlan) throws(ListenError) -> Outcome {
        bound = []
        warnings = []
        do throws(ListenError) {
            for descriptor in plan.descriptors { try adopt(descriptor) }
            for group in plan.groups { try bind(group) }
            guard !bound.isEmpty else {
                let reasons = warnings.isEmpty ? "nothing was asked for" : warnings.joined(separator: "; ")
                throw ListenError(
                    .nothingToListenOn, "cannot listen on anything: \(reasons). Fix: --listen with an address that this host has")
            }
            return Outcome(listeners: bound, warnings: warnings)
        } catch {
            release()
            throw error
        }
    }

    private mutating func release() {
        for listener in bound where listener.isOwned {
            calls.close(listener.descriptor)
            // Without it the file would outlive us and look like a server's.
            if case .unix(let path) = listener.endpoint { try? calls.remove(path: path) }
        }
        bound = []
    }

    private mutating func adopt(_ descriptor: CInt) throws(ListenError) {
        let place: (ListenEndpoint, isIPv6Only: Bool)
        do {
            place = try calls.localEndpoint(descriptor)
        } catch {
            throw ListenError(
                .badDescriptor,
                "cannot listen on fd:\(descriptor): it is no open TCP or unix socket (\(error)). Fix: pass a listening socket")
        }
        guard calls.isListening(descriptor) else {
            throw ListenError(.badDescriptor, "cannot listen on fd:\(descriptor): the socket does not listen. Fix: pass a listening socket")
        }
        bound.append(
            BoundListener(
                descriptor: descriptor, endpoint: place.0, isIPv6Only: place.isIPv6Only, specification: .descriptor(descriptor)))
    }

    private mutating func bind(_ group: BindPlan.Group) throws(ListenError) {
        guard group.endpoints.count > 1, group.endpoints.allSatisfy(\.isPortZero) else {
            for endpoint in group.endpoints { try bindOrWarn(endpoint, in: group) }
            return
        }
        try bindOnOnePort(group)
    }

    /// Port 0 on two families: the kernel chooses for the first, and the second must get the same. Losing sockets stay open until the end,
    /// else the kernel hands out the same port again.
    private mutating func bindOnOnePort(_ group: BindPlan.Group) throws(ListenError) {
        var losers: [BoundListener] = []
        defer { for loser in losers { calls.close(loser.descriptor) } }
        let start = (bound.count, warnings.count)
        for _ in 0..<Self.portTries {
            var isLost = false
            for endpoint in group.endpoints where !isLost {
                let port = bound.count > start.0 ? bound.last?.port : nil
                let place = endpoint.with(port: port ?? 0)
                do throws(SystemCallError) {
                    bound.append(try open(place, group.specification))
                } catch {
                    isLost = error.code == EADDRINUSE && port != nil
                    if !isLost { try warnOrThrow(error, place, group) }
                }
            }
            if !isLost { return }
            losers += bound[start.0...]
            bound.removeSubrange(start.0...)
            warnings.removeSubrange(start.1...)
        }
        throw ListenError(
            .taken,
            "cannot listen on \(group.specification): no port was free on both families in \(Self.portTries) tries. Fix: name a port")
    }

    private mutating func bindOrWarn(_ endpoint: ListenEndpoint, in group: BindPlan.Group) throws(ListenError) {
        if case .unix(let path) = endpoint {
            try bindUnix(path, group.specification)
            return
        }
        do throws(SystemCallError) {
            bound.append(try open(endpoint, group.specification))
        } catch {
            try warnOrThrow(error, endpoint, group)
        }
    }

    private mutating func warnOrThrow(_ error: SystemCallError, _ endpoint: ListenEndpoint, _ group: BindPlan.Group) throws(ListenError) {
        let attempt = "cannot listen on \(endpoint)"
        switch error.code {
        case EAFNOSUPPORT, EADDRNOTAVAIL, EPROTONOSUPPORT:
            let reason =
                error.code == EADDRNOTAVAIL
                ? "this host has no such address" : "this host has no \(endpoint.family == .ipv6 ? "IPv6" : "IPv4")"
            if group.isDerived {
                warnings.append("\(attempt): \(reason) (\(error.name))")
                return
            }
            throw ListenError(.noAddress, "\(attempt): \(reason) (\(error.name)). Fix: --listen with an address that this host has")
        case EADDRINUSE:
            throw ListenError(
                .taken, "\(attempt): the port is taken by \(owner(endpoint)). Fix: stop it, or choose another port with --listen")
        case EACCES, EPERM:
            throw ListenError(
                .notPermitted, "\(attempt): ports below 1024 need a privilege (\(error.name)). Fix: choose a port of 1024 or more")
        default:
            throw ListenError(.other, "\(attempt): \(error)")
        }
    }

    /// A socket that listens, or nothing left open.
    private mutating func open(
        _ endpoint: ListenEndpoint, _ specification: ListenSpecification
    ) throws(SystemCallError) -> BoundListener {
        let isIPv6 = endpoint.family == .ipv6
        let descriptor = try calls.socket(isIPv6 ? .ipv6 : .ipv4)
        do {
            // It skips TIME_WAIT. SO_REUSEPORT would let a second server bind the same port in silence.
            try calls.reuseAddress(descriptor)
            // Else the socket takes IPv4 too, or not, as net.ipv6.bindv6only says, and collides with ours.
            if isIPv6 { try calls.onlyIPv6(descriptor) }
            try calls.bind(descriptor, to: endpoint)
            try calls.listen(descriptor, backlog: Self.backlog)
            let place = try calls.localEndpoint(descriptor)
            return BoundListener(descriptor: descriptor, endpoint: place.0, isIPv6Only: place.isIPv6Only, specification: specification)
        } catch {
            calls.close(descriptor)
            throw error
        }
    }

    private mutating func bindUnix(_ path: String, _ specification: ListenSpecification) throws(ListenError) {
        let attempt = "cannot listen on unix:\(quoted(path))"
        switch calls.fileKind(path) {
        case .nothing: break
        case .other:
            throw ListenError(.taken, "\(attempt): a file that is no socket is there. Fix: choose another path, or move the file away")
        case .socket:
            var answer: SystemCallError?
            do throws(SystemCallError) {
                try calls.dial(path: path)
            } catch {
                answer = error
            }
            switch answer?.code {
            case nil: throw ListenError(.taken, "\(attempt): a server answers there already. Fix: stop it, or choose another path")
            // Nobody answers: a server that was killed left it behind.
            case ECONNREFUSED, ENOENT: try remove(path, attempt)
            default:
                let reason = answer.map(\.description) ?? ""
                throw ListenError(.other, "\(attempt): cannot tell whether a server answers there: \(reason). Fix: check the file's owner")
            }
        }
        do throws(SystemCallError) {
            bound.append(try openUnix(path, specification))
        } catch {
            switch error.code {
            case EADDRINUSE:
                throw ListenError(.taken, "\(attempt): somebody has just made it. Fix: stop the other server, or choose another path")
            case EACCES, EPERM, EROFS:
                throw ListenError(.notPermitted, "\(attempt): \(error). Fix: choose a path in a directory that you may write")
            case ENOENT, ENOTDIR:
                throw ListenError(.other, "\(attempt): its directory does not exist. Fix: make the directory first")
            default:
                throw ListenError(.other, "\(attempt): \(error)")
            }
        }
    }

    private mutating func remove(_ path: String, _ attempt: String) throws(ListenError) {
        do {
            try calls.remove(path: path)
        } catch {
            throw ListenError(.notPermitted, "\(attempt): a socket file is left over and cannot be removed: \(error). Fix: remove it")
        }
    }

    private mutating func openUnix(_ path: String, _ specification: ListenSpecification) throws(SystemCallError) -> BoundListener {
        let descriptor = try calls.socket(.unix)
        var isBound = false
        do {
            calls.restrict(descriptor)
            try calls.bind(descriptor, to: .unix(path: path))
            isBound = true
            try calls.restrict(path: path)
            try calls.listen(descriptor, backlog: Self.backlog)
            return BoundListener(descriptor: descriptor, endpoint: .unix(path: path), isIPv6Only: false, specification: specification)
        } catch {
            calls.close(descriptor)
            if isBound { try? calls.remove(path: path) }
            throw error
        }
    }
}
