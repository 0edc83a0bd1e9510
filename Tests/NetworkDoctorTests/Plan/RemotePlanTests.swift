import Listeners
import NetworkDoctor
import Testing

@Suite("The plan of the remote probes")
struct RemotePlanTests {
    @Test(
        "Asks for health at the root and behind a proxy's prefix",
        arguments: [
            ("/mcp", ["/health"]), ("/", ["/health"]), ("/x/mcp", ["/health", "/x/health"]), ("/x/y/mcp/?a=/b", ["/health", "/x/y/health"]),
        ])
    func health(path: String, expected: [String]) {
        let plan = RemotePlan(target: Target(host: "h", port: 8000, path: path), addresses: [])
        #expect(plan.healthPaths == expected)
    }

    @Test("Tries the hosts localhost, address and name, each with the port")
    func hosts() {
        let named = RemotePlan(target: Target(host: "mcp-server", port: 8000), addresses: [])
        #expect(named.hosts(at: .loopback6) == ["localhost:8000", "[::1]:8000", "mcp-server:8000"])
        let literal = RemotePlan(target: Target(host: "127.0.0.1", port: 80), addresses: [])
        #expect(literal.hosts(at: .loopback4) == ["localhost", "127.0.0.1"])
    }

    @Test("Takes each address once, in order, and is bounded by twice the timeout")
    func addresses() {
        let plan = RemotePlan(target: Target(host: "h", port: 1), addresses: [.loopback6, .loopback4, .loopback6], timeout: .seconds(3))
        #expect(plan.addresses == [.loopback6, .loopback4])
        #expect(plan.total == .seconds(6))
    }
}
