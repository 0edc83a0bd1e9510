package import BinaryTesting

/// The bug that this project began with, with its real parts: uvicorn on `::` in a network of Docker without IPv6. The server runs and
/// listens, and every client is refused.
package struct FoundingBug: Sendable {
    /// Where the client would reach the server.
    package let url = "http://mcp-server:8000/mcp"
    /// A container of the client's own in the same network, with this machine's programs and the package's folder.
    package let client: DockerContainer
    package let server: DockerContainer

    /// What this machine lacks for it; `nil` where nothing is missing.
    package static let missing =
        DockerEngine.missing ?? (Components.pythonSDK(2) == nil ? "no uvicorn: scripts/bootstrap --tests installs it" : nil)
}

/// Sets the founding bug up while `body` runs; `scratch` is visible to the client by its own path.
package func withFoundingBug<Value>(in scratch: Scratch, _ body: (FoundingBug) async throws -> Value) async throws -> Value {
    guard let python = Components.pythonSDK(2) else { throw TestFailure(FoundingBug.missing ?? "no uvicorn") }
    let engine = try await DockerEngine.shared()
    let image = try await engine.images.host(engine)
    let options = DockerImages.hostOptions(scratch)
    return try await engine.withNetwork(.ipv4Only) { network in
        let command = [python, "\(Components.package)/Tests/Interop/founding_bug.py"]
        return try await engine.withContainer(
            image, name: "\(network)-server", network: network, ["--network-alias", "mcp-server"] + options, command: command
        ) { server in
            try await eventually(within: .seconds(20), "uvicorn to run on [::]:8000") {
                try await server.log().contains("Uvicorn running on http://[::]:8000") ? () : nil
            }
            return try await engine.withClient(network: network, in: scratch) { client in
                try await body(FoundingBug(client: client, server: server))
            }
        }
    }
}

extension DockerEngine {
    /// A container that does nothing, for clients to be run in.
    package func withClient<Value>(
        network: String, in scratch: Scratch, _ body: (DockerContainer) async throws -> Value
    ) async throws -> Value {
        try await withContainer(
            try await images.host(self), name: "client-\(scratch.root.suffix(8).lowercased())", network: network,
            DockerImages.hostOptions(scratch), command: ["sleep", "600"], body)
    }

    /// magenta from its image, with the memory of ``SampleMemory``, known in its network as `mcp-server`; anybody may ask it.
    package func withMagenta<Value>(
        network: String, in scratch: Scratch, _ options: [String] = [], command: [String] = [],
        _ body: (DockerContainer) async throws -> Value
    ) async throws -> Value {
        let transcripts = try SampleMemory.write(in: scratch)
        let alias = network == "host" ? [] : ["--network-alias", "mcp-server"]
        return try await withContainer(
            try await images.magenta(self), name: "magenta-\(scratch.root.suffix(8).lowercased())", network: network,
            ["--read-only", "--cap-drop", "ALL", "-e", "MAGENTA_NO_AUTH=true", "-v", "\(transcripts):/transcripts:ro"]
                + ["--health-interval", "1s"] + alias + options,
            command: command
        ) { server in
            try await server.remembers()
            return try await body(server)
        }
    }
}

extension DockerContainer {
    /// Waits until magenta in it is healthy and has imported ``SampleMemory``.
    package func remembers() async throws {
        try await healthy()
        try await eventually(within: .seconds(20), "\(name) to import") {
            // Before the first import there is no store to search.
            let answer = try? await output(of: ["magenta", "search", "zebra", "--json"], within: .seconds(10))
            return answer?.contains(SampleMemory.messageID) == true ? () : nil
        }
    }
}
