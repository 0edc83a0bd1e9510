import ReachTesting
import Testing

@Suite("A cell of the matrix")
struct ReachCellTests {
    @Test("Names its network, address, transport and client")
    func description() {
        let cell = ReachCell(network: "IPv4 only", address: "mcp-server", transport: "http", client: "curl")
        #expect(cell.description == "IPv4 only, mcp-server, http, curl")
    }
}
