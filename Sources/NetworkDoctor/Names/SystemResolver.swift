import Listeners
import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// getaddrinfo(3), on threads of its own: it blocks as long as the name servers are silent, and nothing can stop it.
final class SystemResolver: Sendable {
    /// One a lookup, so that a lookup that hangs delays no other.
    private let threads: NIOThreadPool

    init(lookups: Int) {
        threads = NIOThreadPool(numberOfThreads: lookups)
        threads.start()
    }

    /// Returns at once. A lookup that is not through ends when the C library lets it; nobody waits for it, and the process may exit.
    func abandon() {
        threads.shutdownGracefully { _ in }
    }

    /// - Parameter isConfigured: with AI_ADDRCONFIG, which leaves out a family of which the host has no address but loopback.
    func look(up host: String, isConfigured: Bool, timeout: Duration) async -> NameFacts.Resolution {
        let start = ContinuousClock.now
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let promise = loop.makePromise(of: NameFacts.Resolution.self)
        let timer = loop.scheduleTask(in: TimeAmount(timeout)) { promise.succeed(.init(failure: "timeout")) }
        threads.submit { state in
            guard case .active = state else { return promise.succeed(.init(failure: "timeout")) }
            promise.succeed(Self.look(up: host, flags: isConfigured ? AI_ADDRCONFIG : 0))
        }
        var resolution = (try? await promise.futureResult.get()) ?? .init(failure: "timeout")
        timer.cancel()
        resolution.duration = ContinuousClock.now - start
        return resolution
    }

    private static func look(up host: String, flags: Int32) -> NameFacts.Resolution {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_flags = flags
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var first: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &first)
        guard code == 0 else { return .init(failure: name(of: code)) }
        defer { freeaddrinfo(first) }
        var addresses: [InternetAddress] = []
        var next = first
        while let entry = next, addresses.count < 64 {
            next = entry.pointee.ai_next
            if let pointer = entry.pointee.ai_addr, let address = InternetAddress(pointer), !addresses.contains(address) {
                addresses.append(address)
            }
        }
        return .init(addresses: addresses)
    }

    private static func name(of code: Int32) -> String {
        switch code {
        case EAI_AGAIN: return "EAI_AGAIN"
        case EAI_NONAME: return "EAI_NONAME"
        case EAI_FAIL: return "EAI_FAIL"
        case EAI_FAMILY: return "EAI_FAMILY"
        case EAI_MEMORY: return "EAI_MEMORY"
        case EAI_SYSTEM: return "EAI_SYSTEM"
        default: break
        }
        #if canImport(Glibc)
            // netdb.h shows these two under _GNU_SOURCE only.
            switch code {
            case -5: return "EAI_NODATA"
            case -9: return "EAI_ADDRFAMILY"
            default: break
            }
        #endif
        return "EAI \(code)"
    }
}
