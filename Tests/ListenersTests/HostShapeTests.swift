import BinaryTesting
import ReachTesting
import Testing

/// Each in a network namespace of its own. They need root and iproute2 and are skipped by name without.
@Suite(.enabled(if: TestNetwork.isAvailable, "\(TestNetwork.missing ?? "")")) struct `Listeners on hosts of every shape` {
    @Test func `serve both families on a host that has both`() async throws {
        let report = try await self.report(
            on: .dualStack,
            "--listen", "all:8000", "--dial", "127.0.0.1", "--dial", "::1", "--dial", "10.77.0.1", "--dial", "fd77::1")
        #expect(
            report == """
                {"listeners":[{"family":"ipv4","address":"0.0.0.0","port":8000,"v6only":false},\
                {"family":"ipv6","address":"::","port":8000,"v6only":true}],"warnings":[],"status":"ok",\
                "families":{"ipv4":"reachable","ipv6":"reachable"},\
                "dialled":{"127.0.0.1":"ipv4 127.0.0.1","::1":"ipv6 ::1","10.77.0.1":"ipv4 10.77.0.1","fd77::1":"ipv6 fd77::1"}}
                """)
    }

    @Test(arguments: ["localhost:8000", "all:8000"])
    func `serve both families on a host whose only IPv6 address is loopback`(specification: String) async throws {
        // The shape in which a bind by name dies: see InternetAddress.
        let report = try await self.report(on: .ipv4Only, "--listen", specification, "--dial", "127.0.0.1", "--dial", "::1")
        #expect(report.hasSuffix(#""dialled":{"127.0.0.1":"ipv4 127.0.0.1","::1":"ipv6 ::1"}}"#), "\(report)")
        #expect(report.contains(#""warnings":[],"status":"ok""#), "\(report)")
    }

    @Test func `serve IPv4 and warn where no IPv6 address is left`() async throws {
        let report = try await self.report(on: .disableIPv6, "--listen", "localhost:8000", "--dial", "127.0.0.1")
        #expect(
            report == """
                {"listeners":[{"family":"ipv4","address":"127.0.0.1","port":8000,"v6only":false}],\
                "warnings":["cannot listen on [::1]:8000: this host has no such address (EADDRNOTAVAIL)"],"status":"ok",\
                "families":{"ipv4":"reachable","ipv6":"not listening"},"dialled":{"127.0.0.1":"ipv4 127.0.0.1"}}
                """)
    }

    @Test func `bind the IPv6 wildcard without an IPv6 address and call the family absent`() async throws {
        let report = try await self.report(on: .disableIPv6, "--listen", "all:8000", "--dial", "10.77.0.1", "--dial", "::1")
        #expect(report.contains(#"{"family":"ipv6","address":"::","port":8000,"v6only":true}"#), "\(report)")
        #expect(report.contains(#""status":"warning","families":{"ipv4":"reachable","ipv6":"absent"}"#), "\(report)")
        #expect(report.hasSuffix(#""dialled":{"10.77.0.1":"ipv4 10.77.0.1","::1":"EADDRNOTAVAIL"}}"#), "\(report)")
    }

    @Test func `serve IPv6 where the host has nothing else`() async throws {
        let report = try await self.report(on: .ipv6Only, "--listen", "all:8000", "--dial", "fd77::1", "--dial", "::1")
        #expect(report.hasSuffix(#""dialled":{"fd77::1":"ipv6 fd77::1","::1":"ipv6 ::1"}}"#), "\(report)")
        #expect(report.contains(#""ipv6":"reachable""#), "\(report)")
    }

    @Test func `serve both families whatever bindv6only says`() async throws {
        let report = try await self.report(
            on: .bindV6Only,
            "--listen", "all:8000", "--dial", "127.0.0.1", "--dial", "::1")
        #expect(report.hasSuffix(#""dialled":{"127.0.0.1":"ipv4 127.0.0.1","::1":"ipv6 ::1"}}"#), "\(report)")
    }

    @Test func `get one port on both families for port 0`() async throws {
        let report = try await self.report(on: .dualStack, "--listen", "localhost:0", "--dial", "127.0.0.1", "--dial", "::1")
        #expect(report.hasSuffix(#""dialled":{"127.0.0.1":"ipv4 127.0.0.1","::1":"ipv6 ::1"}}"#), "\(report)")
    }

    @Test(arguments: ["127.0.0.1:8000", "[::1]:8000", "0.0.0.0:8000", "[::]:8000"])
    func `name the process that has the port in one family`(taken: String) async throws {
        let report = try await TestNetwork.with(.dualStack) { network in
            let first = try start(["--listen", taken], on: network)
            _ = try await line(first)
            return try await self.report(on: network, ["--listen", "localhost:8000"])
        }
        #expect(report.hasPrefix(#"{"error":"cannot listen on "#) && report.contains("is taken by process"), "\(report)")
        #expect(report.contains("(ListenerProbe)"), "\(report)")
    }

    @Test(.enabled(if: KernelWithoutIPv6.compiler != nil, "needs a C compiler"))
    func `serve IPv4 on a kernel without IPv6`() async throws {
        let (report, literal) = try await TestNetwork.with(.kernelWithoutIPv6) { network in
            (
                try await self.report(on: network, ["--listen", "all:8000", "--dial", "127.0.0.1", "--dial", "::1"]),
                try await self.report(on: network, ["--listen", "[::1]:8000"])
            )
        }
        #expect(report.contains(#""warnings":["cannot listen on [::]:8000: this host has no IPv6 (EAFNOSUPPORT)"]"#), "\(report)")
        #expect(report.hasSuffix(#""dialled":{"127.0.0.1":"ipv4 127.0.0.1","::1":"EAFNOSUPPORT"}}"#), "\(report)")
        #expect(literal.contains("Fix: --listen with an address that this host has"), "\(literal)")
    }

    private func report(on shape: NetworkShape, _ arguments: String...) async throws -> String {
        try await TestNetwork.with(shape) { try await report(on: $0, arguments) }
    }

    /// What the probe says of its listeners.
    private func report(on network: TestNetwork, _ arguments: [String]) async throws -> String {
        let probe = try start(arguments, on: network)
        let line = try await line(probe)
        probe.closeInput()
        try await probe.exit()
        return line
    }

    private func start(_ arguments: [String], on network: TestNetwork) throws -> ChildProcess {
        try network.server.start([try #require(Components.listenerProbe)] + arguments, hasInput: true)
    }

    private func line(_ probe: ChildProcess) async throws -> String {
        try await eventually(within: .seconds(30), "the probe's report") {
            probe.outputText.last == "\n" ? String(probe.outputText.dropLast()) : nil
        }
    }
}
