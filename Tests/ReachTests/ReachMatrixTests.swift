import BinaryTesting
import ReachTesting
import Testing

/// Each client, by every address and name that a network has, over both transports. docs/network.md shows what came of it.
@Suite("Every address, name and transport", .enabled(if: TestNetwork.isAvailable, "\(TestNetwork.missing ?? "")"))
struct ReachMatrixTests {
    @Test("Is reached by curl", .enabled(if: Curl.missing == nil, "\(Curl.missing ?? "")"), arguments: NetworkShape.possible)
    func curl(shape: NetworkShape) async throws { try await Curl.reach(in: shape) }

    @Test("Is reached by Node's fetch", .enabled(if: NodeFetch.missing == nil, "\(NodeFetch.missing ?? "")"), arguments: NetworkShape.possible)
    func node(shape: NetworkShape) async throws { try await NodeFetch.reach(in: shape) }

    @Test(
        "Is reached by the official Python SDK", .enabled(if: PythonSDK.missing == nil, "\(PythonSDK.missing ?? "")"),
        arguments: NetworkShape.possible)
    func python(shape: NetworkShape) async throws { try await PythonSDK.reach(in: shape) }

    @Test(
        "Is reached by `claude mcp list`", .enabled(if: ClaudeList.missing == nil, "\(ClaudeList.missing ?? "")"),
        arguments: NetworkShape.possible)
    func claudeList(shape: NetworkShape) async throws { try await ClaudeList.reach(in: shape) }

    @Test(
        "Is reached by `claude -p`, which calls a tool", .enabled(if: ClaudePrint.missing == nil, "\(ClaudePrint.missing ?? "")"),
        arguments: NetworkShape.possible)
    func claudePrint(shape: NetworkShape) async throws { try await ClaudePrint.reach(in: shape) }
}

/// What `scripts/reach-matrix` must know beside the cells that were good.
@Suite("The record of the matrix")
struct ReachRecordTests {
    static let clients: [any ReachClient.Type] = [Curl.self, NodeFetch.self, PythonSDK.self, ClaudeList.self, ClaudePrint.self]

    @Test("Says which cells there cannot be, and which this machine cannot run")
    func gaps() {
        for shape in NetworkShape.allCases {
            for address in ReachAddress.loopbacks + ReachAddress.names {
                guard let reason = ReachAddress.absence(of: address, in: shape) else { continue }
                ReachCell(network: shape.rawValue, address: address, transport: "*", client: "*").record(.absent(reason: reason))
            }
            for client in Self.clients {
                guard let reason = shape.missing ?? client.missing else { continue }
                ReachCell(network: shape.rawValue, address: "*", transport: "*", client: client.name).record(.skipped(reason: reason))
            }
        }
        #expect(ReachAddress.absence(of: "v6-name", in: .ipv4Only) == "no IPv6")
        #expect(ReachAddress.absence(of: "localhost", in: .ipv6Only) == nil)
    }
}
