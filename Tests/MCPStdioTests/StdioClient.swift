import Dispatch
import JSON
import MCPCore
import MCPStdio
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The other end of two pipes.
final class StdioClient: Sendable {
    let requests: CInt
    let answers: CInt
    let serverInput: CInt
    let serverOutput: CInt
    private let queue = DispatchQueue(label: "stdio-client")

    init() {
        var down: [CInt] = [0, 0]
        var up: [CInt] = [0, 0]
        precondition(pipe(&down) == 0 && pipe(&up) == 0, "the system has pipes")
        (serverInput, requests) = (down[0], down[1])
        (answers, serverOutput) = (up[0], up[1])
    }

    func send(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(requests, $0.baseAddress, $0.count) }
            precondition(count > 0, "the server reads")
            sent += count
        }
    }

    func endInput() { close(requests) }

    /// Everything that the server wrote until it closed its side, line by line.
    func rest() async -> [JSONValue] {
        let answers = answers
        let bytes: [UInt8] = await withCheckedContinuation { continuation in
            queue.async {
                var all: [UInt8] = []
                var chunk = [UInt8](repeating: 0, count: 65536)
                while true {
                    let count = read(answers, &chunk, chunk.count)
                    guard count > 0 else { break }
                    all += chunk[..<count]
                }
                continuation.resume(returning: all)
            }
        }
        return bytes.split(separator: UInt8(ascii: "\n")).map { line in
            (try? JSONReader().read(Array(line))) ?? .string("not JSON: \(String(decoding: line, as: UTF8.self))")
        }
    }

    /// Runs a server over the pipes with what was sent before, and gives back what it answered.
    static func converse(
        with server: MCPServer, limits: StdioServer.Limits = StdioServer.Limits(), _ lines: [String]
    ) async throws -> [JSONValue] {
        let client = StdioClient()
        async let answers = client.rest()
        async let sent: Void = client.sendAll(lines)
        try await StdioServer(server: server, input: client.serverInput, output: client.serverOutput, limits: limits).run()
        await sent
        close(client.serverOutput)
        close(client.serverInput)
        defer { close(client.answers) }
        return await answers
    }

    private func sendAll(_ lines: [String]) async {
        for line in lines { send(line) }
        endInput()
    }
}
