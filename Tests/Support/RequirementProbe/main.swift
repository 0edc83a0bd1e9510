import Access
import Logging
import MCPHTTP
import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// RequirementProbe --port N [--page-size N] [--streams N] [--requests N] [--ping-ms N] [--question-ms N]
// Serves what the fixture of the conformance suite lacks, with the limits that a test wants to meet, and ends gracefully on SIGTERM.

func number(after option: String) -> Int? {
    zip(CommandLine.arguments, CommandLine.arguments.dropFirst()).first { $0.0 == option }.flatMap { Int($0.1) }
}

var limits = EndpointLimits()
if let streams = number(after: "--streams") { limits.streams = streams }
if let requests = number(after: "--requests") { limits.requestsInFlight = requests }
if let milliseconds = number(after: "--ping-ms") { limits.pingInterval = .milliseconds(milliseconds) }
if let milliseconds = number(after: "--question-ms") { limits.questionTimeout = .milliseconds(milliseconds) }

let server = try ProbeServer.make(pageSize: number(after: "--page-size") ?? 1000)
let service = MCPHTTPServer(
    server: server, listen: ["localhost:\(number(after: "--port") ?? 0)"], authenticator: OpenAccess(), limits: limits
) { addresses in
    print("RequirementProbe:", addresses.map { "http://\($0)/mcp" }.joined(separator: " "))
    fflush(nil)
}
let group = ServiceGroup(
    configuration: .init(
        services: [.init(service: service)], gracefulShutdownSignals: [.sigterm], logger: Logger(label: "RequirementProbe")))
try await group.run()
