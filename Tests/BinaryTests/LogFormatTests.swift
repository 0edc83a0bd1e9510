import BinaryTesting
import JSON
import Testing

@Suite("The log", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct LogFormatTests {
    private static let secret = "sk-ant-api03-" + String(repeating: "Ab1", count: 31) + "-AA"

    private func lines(_ format: String) async throws -> [String] {
        try await withZoo { scratch, store in
            let arguments = ["--store", store, "--no-watch", "--log-level", "debug", "--log-format", format]
            let process = try await Magenta.serving(arguments, in: scratch) { server in
                _ = try await exchange(HTTPCall("GET", "/health?query=\(Self.secret)"), "127.0.0.1", server.port)
                _ = try await exchange(HTTPCall("GET", "/x\(Self.secret)"), "127.0.0.1", server.port)
                return server.process
            }
            return process.errorText.split(separator: "\n").map(String.init)
        }
    }

    @Test("As JSON each line is one object with time, level and message, and a request's line has all of it but the query")
    func json() async throws {
        let lines = try await lines("json")
        let objects = try lines.map { try JSONReader().read($0) }
        for object in objects {
            let time = try #require(object["time"]?.string)
            #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
            #expect(["debug", "info", "notice", "warning", "error"].contains(object["level"]?.string) && object["message"]?.string != nil)
        }
        #expect(objects.contains { $0["message"]?.string == "listening" && $0["address"]?.string?.hasPrefix("127.0.0.1:") == true })
        let request = try #require(objects.last { $0["message"]?.string == "GET /health 200" })
        #expect(request["level"]?.string == "debug" && request["peer"]?.string == "127.0.0.1" && request["request"]?.string != nil)
        #expect(request["ms"]?.string.flatMap(Double.init) != nil && request["bytes"]?.string.flatMap(Int.init) ?? 0 > 10)
        #expect(!lines.contains { $0.contains(Self.secret) || $0.contains("query") })
        #expect(!lines.contains { $0.utf8.count > 1000 }, "no line writes down the inside of the server")
    }

    @Test("As text each line has the same, and no secret either")
    func text() async throws {
        let lines = try await lines("text")
        #expect(lines.contains { $0.contains(" debug GET /health 200 bytes=") && $0.contains(" peer=127.0.0.1 request=") })
        #expect(!lines.contains { $0.contains(Self.secret) || $0.contains("query") })
    }

    @Test("A format that is none is an error that names those there are")
    func unknown() async throws {
        try await Scratch.with { scratch in
            let process = try Magenta.start(["serve", "--log-format", "xml"], in: scratch)
            #expect(try await process.exit() == .code(64))
            #expect(process.errorText.contains("text and json"))
        }
    }
}
