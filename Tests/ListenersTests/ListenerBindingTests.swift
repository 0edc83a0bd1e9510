import Listeners
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct `Listener binding` {
    let sockets = ScriptedSockets()

    func bind(_ specifications: ListenSpecification...) throws(ListenError) -> ListenerBinding.Outcome {
        var binding = ListenerBinding(calls: sockets, owner: { _ in .process(id: 42, command: "nginx") })
        return try binding.carryOut(BindPlan(specifications))
    }

    func error(_ specifications: ListenSpecification...) -> ListenError? {
        var binding = ListenerBinding(calls: sockets, owner: { _ in .process(id: 42, command: "nginx") })
        do throws(ListenError) {
            _ = try binding.carryOut(BindPlan(specifications))
            return nil
        } catch {
            return error
        }
    }

    @Test func `makes two sockets, the IPv6 one for IPv6 only`() throws {
        let outcome = try bind(.all(port: 8000))
        #expect(outcome.listeners.map(\.endpoint.description) == ["0.0.0.0:8000", "[::]:8000"])
        #expect(outcome.listeners.map(\.isIPv6Only) == [false, true])
        #expect(outcome.listeners.map { sockets.options[$0.descriptor] } == [["reuse"], ["reuse", "v6only"]])
        #expect(outcome.warnings.isEmpty)
        #expect(sockets.open.count == 2)
    }

    @Test func `warns of a family that the kernel lacks where it was derived`() throws {
        sockets.missing = [.ipv6]
        let outcome = try bind(.localhost(port: 8000))
        #expect(outcome.listeners.map(\.endpoint.description) == ["127.0.0.1:8000"])
        #expect(outcome.warnings == ["cannot listen on [::1]:8000: this host has no IPv6 (EAFNOSUPPORT)"])
    }

    @Test func `warns of an address that the host lacks where it was derived`() throws {
        sockets.bindErrors = [.loopback6: EADDRNOTAVAIL]
        #expect(try bind(.localhost(port: 8000)).warnings == ["cannot listen on [::1]:8000: this host has no such address (EADDRNOTAVAIL)"])
    }

    @Test func `fails for a missing family that was asked for by literal and closes what it had`() {
        sockets.missing = [.ipv6]
        let error = error(.localhost(port: 8000), .literal(.loopback6, port: 9000))
        #expect(
            error
                == ListenError(
                    .noAddress,
                    "cannot listen on [::1]:9000: this host has no IPv6 (EAFNOSUPPORT). Fix: --listen with an address that this host has"))
        #expect(sockets.open.isEmpty)
    }

    @Test func `names the owner of a taken port, derived or not, and closes what it had`() {
        sockets.taken = [.internet(.any6, port: 8000)]
        #expect(
            error(.all(port: 8000))
                == ListenError(
                    .taken,
                    "cannot listen on [::]:8000: the port is taken by process 42 (nginx). Fix: stop it, or choose another port with --listen"
                ))
        #expect(sockets.open.isEmpty)
    }

    @Test func `fails where no family is left`() {
        sockets.missing = [.ipv4, .ipv6]
        let error = error(.localhost(port: 8000))
        #expect(error?.code == .nothingToListenOn)
        #expect(error?.description.contains("127.0.0.1:8000") == true && error?.description.contains("[::1]:8000") == true)
    }

    @Test func `gives one port to both families for port 0 and keeps the losing socket open meanwhile`() throws {
        sockets.taken = [.internet(.loopback6, port: 40001), .internet(.loopback6, port: 40002)]
        let outcome = try bind(.localhost(port: 0))
        #expect(outcome.listeners.map(\.port) == [40003, 40003])
        #expect(sockets.open.count == 2)
    }

    @Test func `gives up after a bounded number of tries for one port and closes all of them`() {
        sockets.freePorts = Array(40001...40100)
        sockets.taken = Set((40001...40100).map { .internet(.loopback6, port: $0) })
        #expect(error(.localhost(port: 0))?.code == .taken)
        #expect(sockets.open.isEmpty)
        #expect(sockets.freePorts.count == 84)
    }

    @Test func `gives a port to the one family that is left`() throws {
        sockets.missing = [.ipv4]
        let outcome = try bind(.all(port: 0))
        #expect(outcome.listeners.map(\.endpoint.description) == ["[::]:40001"])
        #expect(outcome.warnings.count == 1)
    }

    @Test func `explains a port that needs a privilege`() {
        sockets.bindErrors = [.any4: EACCES]
        #expect(
            error(.all(port: 80))?.description
                == "cannot listen on 0.0.0.0:80: ports below 1024 need a privilege (EACCES). Fix: choose a port of 1024 or more")
    }

    @Test(arguments: ["socket", "reuseAddress", "onlyIPv6", "bind", "listen", "localEndpoint"])
    func `leaves nothing open where any call fails`(call: String) {
        sockets.failing = [call: EMFILE]
        #expect(error(.localhost(port: 8000))?.code == .other)
        #expect(sockets.open.isEmpty)
    }

    @Test func `makes a unix socket for its owner alone`() throws {
        let outcome = try bind(.unix(path: "/s"))
        #expect(outcome.listeners.map(\.endpoint) == [.unix(path: "/s")])
        #expect(outcome.listeners.map { sockets.options[$0.descriptor] } == [["restrict"]])
    }

    @Test func `replaces a socket file where nobody answers`() throws {
        sockets.files = ["/s": .socket]
        _ = try bind(.unix(path: "/s"))
        #expect(sockets.removed == ["/s"])
    }

    @Test func `leaves a live server's socket file alone`() {
        sockets.files = ["/s": .socket]
        sockets.dialCode = 0
        #expect(
            error(.unix(path: "/s"))?.description
                == "cannot listen on unix:/s: a server answers there already. Fix: stop it, or choose another path")
        #expect(sockets.removed.isEmpty)
    }

    @Test func `leaves a file alone that is no socket`() {
        sockets.files = ["/s": .other]
        #expect(error(.unix(path: "/s"))?.code == .taken)
        #expect(sockets.removed.isEmpty)
    }

    @Test func `removes the socket file where a later listener fails`() {
        sockets.missing = [.ipv4]
        #expect(error(.unix(path: "/s"), .literal(.loopback4, port: 1))?.code == .noAddress)
        #expect(sockets.removed == ["/s"] && sockets.open.isEmpty)
    }

    @Test func `adopts a listening descriptor as it is and never closes it`() throws {
        sockets.descriptors = [3: (.internet(.any6, port: 80), isIPv6Only: false, isListening: true)]
        let listener = try #require(try bind(.descriptor(3)).listeners.first)
        #expect(listener.descriptor == 3 && !listener.isOwned && !listener.isIPv6Only && listener.port == 80)
    }

    @Test func `refuses a descriptor that is no listening socket`() {
        sockets.descriptors = [4: (.internet(.any4, port: 80), isIPv6Only: false, isListening: false)]
        #expect(error(.descriptor(4))?.code == .badDescriptor)
        #expect(error(.descriptor(5))?.code == .badDescriptor)
    }
}
