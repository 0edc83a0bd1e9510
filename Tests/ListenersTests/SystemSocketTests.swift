import FoundationEssentials
import Diagnosis
import Listeners
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// On this host's own loopback and file system.
@Suite struct `Listener binding on real sockets` {
    let path = "/tmp/listeners-\(getpid())-\(UInt32.random(in: 0...0xFFFF)).sock"

    func closing<Value>(_ outcome: ListenerBinding.Outcome, _ body: () throws -> Value) rethrows -> Value {
        defer {
            for listener in outcome.listeners { close(listener.descriptor) }
            unlink(path)
        }
        return try body()
    }

    @Test func `reports what the kernel gave`() throws {
        let outcome = try ListenerBinding.bind(BindPlan([.localhost(port: 0)]))
        closing(outcome) {
            #expect(Set(outcome.listeners.map(\.port)).count == 1 && outcome.listeners.first?.port != 0)
            #expect(outcome.listeners.allSatisfy { $0.isLoopback && $0.isOwned && $0.isIPv6Only == ($0.family == .ipv6) })
            for listener in outcome.listeners {
                #expect(fcntl(listener.descriptor, F_GETFD) & FD_CLOEXEC != 0)
                #expect(fcntl(listener.descriptor, F_GETFL) & O_NONBLOCK != 0)
            }
        }
    }

    @Test func `names this very process as the owner of a port that it holds itself`() throws {
        let outcome = try ListenerBinding.bind(BindPlan([.literal(.loopback4, port: 0)]))
        try closing(outcome) {
            let port = try #require(outcome.listeners.first?.port)
            guard case .process(let id, _) = PortOwner(of: .internet(.loopback4, port: port)) else {
                Issue.record("no owner found")
                return
            }
            #expect(id == getpid())
            #expect(throws: ListenError.self) { try ListenerBinding.bind(BindPlan([.literal(.any4, port: port)])) }
        }
    }

    @Test func `makes a unix socket that only its owner can dial`() throws {
        let outcome = try ListenerBinding.bind(BindPlan([.unix(path: path)]))
        closing(outcome) {
            var status = stat()
            #expect(lstat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
            let error = #expect(throws: ListenError.self) { try ListenerBinding.bind(BindPlan([.unix(path: path)])) }
            #expect(error?.code == .taken)
        }
    }

    @Test func `replaces the socket file of a server that died`() throws {
        let first = try ListenerBinding.bind(BindPlan([.unix(path: path)]))
        for listener in first.listeners { close(listener.descriptor) }
        let second = try ListenerBinding.bind(BindPlan([.unix(path: path)]))
        closing(second) { #expect(second.listeners.count == 1) }
    }

    @Test func `explains a directory that is not there`() {
        let error = #expect(throws: ListenError.self) { try ListenerBinding.bind(BindPlan([.unix(path: "/tmp/no/such/directory/s")])) }
        #expect(
            error?.description
                == "cannot listen on unix:/tmp/no/such/directory/s: its directory does not exist. Fix: make the directory first")
    }
}

@Suite struct `Port owner` {
    /// A procfs of our own: one listening socket of inode 4711, held by process 99.
    func tree(holds inode: UInt64) -> String {
        let root = "/tmp/proc-\(getpid())-\(UInt32.random(in: 0...0xFF_FFFF))"
        for directory in ["", "/net", "/99", "/99/fd"] { mkdir(root + directory, 0o700) }
        let table = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0000000000000000 100
               1: 0100007F:1F40 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1 0000000000000000 100
            """
        for (name, text) in [("/net/tcp", table), ("/net/tcp6", "sl\nbroken line\n 0: zz:1F40 x 0A\n"), ("/99/comm", "python3\n")] {
            let file = fopen(root + name, "w")
            fputs(text, file)
            fclose(file)
        }
        symlink("socket:[\(inode)]", root + "/99/fd/5")
        return root
    }

    func remove(_ root: String) { try? FileManager.default.removeItem(atPath: root) }

    @Test func `is the process that holds the inode`() {
        let root = tree(holds: 4711)
        defer { remove(root) }
        #expect(PortOwner(of: .internet(.loopback4, port: 8000), proc: root) == .process(id: 99, command: "python3"))
        #expect(PortOwner(of: .internet(.any4, port: 8000), proc: root) == .process(id: 99, command: "python3"))
    }

    @Test func `is a user where the process cannot be seen`() {
        let root = tree(holds: 1)
        defer { remove(root) }
        let owner = PortOwner(of: .internet(.loopback4, port: 8000), proc: root)
        #expect(owner == .user(id: 1000))
        #expect("\(owner)" == "a process of user id 1000, which cannot be seen from here")
    }

    @Test func `is unknown where nothing listens or nothing can be read`() {
        let root = tree(holds: 4711)
        defer { remove(root) }
        #expect(PortOwner(of: .internet(.loopback4, port: 50000), proc: root) == .unknown)
        #expect(PortOwner(of: .internet(.loopback6, port: 8000), proc: root) == .unknown)
        #expect(PortOwner(of: .internet(.loopback4, port: 8000), proc: root + "/nothing") == .unknown)
    }
}
