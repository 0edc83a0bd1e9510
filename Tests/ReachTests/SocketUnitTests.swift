import BinaryTesting
import FoundationEssentials
import ReachTesting
import Testing

/// What the socket unit does, by systemd's own program for trying it out.
@Suite(
    "The socket unit", .enabled(if: Components.magenta != nil, "no magenta binary"),
    .enabled(if: Components.program("systemd-socket-activate") != nil, "no systemd-socket-activate: scripts/bootstrap --tests installs it"),
    .enabled(if: Components.hasIPv6Loopback, "this machine has no ::1"))
struct SocketUnitTests {
    @Test("magenta serves on the sockets that systemd hands over, one for each family")
    func adopted() async throws {
        let unit = String(decoding: Scratch.bytes(at: "\(Components.package)/deploy/systemd/magenta@.socket"), as: UTF8.self)
        let streams = unit.matches(of: /(?m)^ListenStream=(.+):8000$/).map { String($0.1) }
        #expect(streams == ["127.0.0.1", "[::1]"])
        let service = String(decoding: Scratch.bytes(at: "\(Components.package)/deploy/systemd/magenta@.service"), as: UTF8.self)
        let listen = try #require(service.firstMatch(of: /(?m)^Environment=(MAGENTA_LISTEN=.+)$/)).1

        try await Scratch.with { scratch in
            let port = try await freePort(in: scratch)
            let process = try ChildProcess(
                [Components.program("systemd-socket-activate") ?? ""] + streams.flatMap { ["-l", "\($0):\(port)"] }
                    + ["-E", "HOME=\(scratch.root)", "-E", String(listen), Components.magenta ?? "", "serve", "--no-watch"],
                environment: ["HOME": scratch.root], in: scratch)
            for host in ["127.0.0.1", "::1"] {
                let status = try await eventually(within: .seconds(30), "/health on \(host)") {
                    if let status = process.exitStatus { throw TestFailure("it ended with \(status): \(process.errorText)") }
                    return try? await exchange(HTTPCall("GET", "/health"), host, port, within: .seconds(10)).status
                }
                #expect(status == 200, "\(host)")
            }
            process.send(15)
            #expect(try await process.exit(within: .seconds(20)) == .code(0), "\(process.errorText)")
        }
    }

    /// A port that nobody holds on either family, by letting a server of our own take one.
    private func freePort(in scratch: Scratch) async throws -> Int {
        try await Magenta.serving(["--no-watch"], in: scratch) { $0.port }
    }
}
