import FoundationEssentials
import Hummingbird
import Logging

// One Hummingbird route that answers every POST with the bytes of a file: what HTTP alone costs, before any protocol.
// Usage: BareRoute PORT FILE

struct Usage: Error {}

guard CommandLine.arguments.count == 3, let port = Int(CommandLine.arguments[1]),
    let answer = FileManager.default.contents(atPath: CommandLine.arguments[2])
else { throw Usage() }
let bytes = ByteBuffer(bytes: answer)
let router = Router()
router.post("mcp") { request, _ in
    // Read as the product must, so that both carry the request's bytes.
    _ = try await request.body.collect(upTo: 1 << 20)
    return Response(status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: bytes))
}
var configuration = ApplicationConfiguration(address: .hostname("127.0.0.1", port: port))
configuration.reuseAddress = true
var logger = Logger(label: "bare")
logger.logLevel = .error
try await Application(router: router, configuration: configuration, logger: logger).runService()
