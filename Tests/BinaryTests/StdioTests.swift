import BinaryTesting
import JSON
import Testing

@Suite("magenta stdio", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct StdioTests {
    private static let initialize =
        #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}"#
    private static let call =
        #"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"search_messages","arguments":{"query":"zebra","limit":3}}}"#

    @Test("What was read before the end of input is answered, then it exits with 0 and printed nothing but protocol")
    func endOfInput() async throws {
        try await withZoo { scratch, store in
            let process = try Magenta.start(["stdio", "--store", store, "--no-watch"], in: scratch, hasInput: true)
            let lines = [Self.initialize, #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, Self.call]
            try await process.write(Array(lines.map { $0 + "\n" }.joined().utf8))
            process.closeInput()
            #expect(try await process.exit(within: .seconds(20)) == .code(0))

            let answers = try process.outputText.split(separator: "\n").map { try JSONReader().read(String($0)) }
            #expect(answers.allSatisfy { $0["jsonrpc"] == "2.0" })
            try expectGreeting(try #require(answers.first { $0["id"] == 1 }))
            try expectZebra(try #require(answers.first { $0["id"] == 2 }), id: 2)
        }
    }

    @Test("A second process on the same store serves too")
    func two() async throws {
        try await withZoo { scratch, store in
            let processes = try (0..<2).map { _ in try Magenta.start(["stdio", "--store", store], in: scratch, hasInput: true) }
            for process in processes {
                try await process.write(Array([Self.initialize, Self.call].map { $0 + "\n" }.joined().utf8))
            }
            for process in processes {
                let answer = try await eventually(within: .seconds(20), "an answer of \(process.pid)") {
                    try process.outputText.split(separator: "\n").map { try JSONReader().read(String($0)) }.first { $0["id"] == 2 }
                }
                try expectZebra(answer, id: 2)
            }
            for process in processes {
                process.closeInput()
                #expect(try await process.exit(within: .seconds(20)) == .code(0))
            }
        }
    }
}
