import BinaryTesting
import JSON
import Testing

/// Section 18: cancellation in both eras, and what a lost connection means. The probe's tool `wait` reports progress, then waits a minute.
@Suite("Cancellation", .enabled(if: Components.requirementProbe != nil, "no RequirementProbe"))
struct CancellationTests {
    static func waiting(_ session: Session, id: JSONValue) -> HTTPCall {
        session.posted(.object(rpc("tools/call", Session.toolParams("wait", meta: ["progressToken": "p"]), id: id)))
    }

    /// Asks until as many calls of `wait` were cancelled.
    static func cancelled(_ count: Int, _ ask: () async throws -> String) async throws {
        try await eventually(within: .seconds(10), "\(count) cancelled") { try await ask().hasSuffix("cancelled \(count)") ? () : nil }
    }

    @Test("Legacy: notifications/cancelled stops the work, and its stream ends without a result", arguments: Session.streamable)
    func legacy(revision: String) async throws {
        try await Served.session(.requirementProbe, revision) { session, _ in
            let rest = try await EventStream.with("127.0.0.1", session.port, Self.waiting(session, id: 5)) { stream in
                _ = try await stream.message("notifications/progress")
                let accepted = try await session.post(rpc("notifications/cancelled", ["requestId": 5, "reason": "enough"]))
                #expect(accepted.status == 202)
                return try await stream.rest()
            }
            #expect(rest.allSatisfy { $0["result"] == nil })
            try await Self.cancelled(1) { try await session.tool("counts").contentText }
        }
    }

    @Test("Legacy: a cancelled call without a stream ends too, in a message that its revision allows", arguments: Session.streamable)
    func legacyWithoutStream(revision: String) async throws {
        try await Served.session(.requirementProbe, revision) { session, _ in
            async let reply = session.post(rpc("tools/call", ["name": "wait"], id: 6))
            try await eventually(within: .seconds(10), "the call to begin") {
                try await session.tool("counts").contentText.hasPrefix("began 1") ? () : nil
            }
            _ = try await session.post(rpc("notifications/cancelled", ["requestId": 6]))
            let ended = try await reply
            #expect(ended.result == nil)
            // An error without an id is unknown to the schemas before 2025-11-25.
            if revision < "2025-11-25" { #expect(ended.messages.allSatisfy { $0["id"] == 6 }, "\(ended.text)") }
        }
    }

    @Test("Legacy: an unknown request, one of another session and one with another kind of id are not cancelled")
    func legacyForeign() async throws {
        try await Served.with(.requirementProbe) { server in
            let owner = try await Session.open(server.port)
            let stranger = try await Session.open(server.port)
            try await EventStream.with("127.0.0.1", server.port, Self.waiting(owner, id: 7)) { stream in
                _ = try await stream.message("notifications/progress")
                #expect(try await stranger.post(rpc("notifications/cancelled", ["requestId": 7])).status == 202)
                #expect(try await owner.post(rpc("notifications/cancelled", ["requestId": "7"])).status == 202)
                #expect(try await owner.post(rpc("notifications/cancelled", ["requestId": 8])).status == 202)
                #expect(try await owner.post(rpc("notifications/cancelled", [:])).status == 202)
                #expect(try await owner.tool("counts").contentText == "began 1, cancelled 0")
                _ = try await owner.post(rpc("notifications/cancelled", ["requestId": 7]))
                _ = try await stream.rest()
                try await Self.cancelled(1) { try await owner.tool("counts").contentText }
            }
        }
    }

    @Test("Legacy: a client that goes away cancels nothing", arguments: ["2025-06-18", "2025-11-25"])
    func legacyDisconnect(revision: String) async throws {
        try await Served.session(.requirementProbe, revision) { session, _ in
            let id: JSONValue = 8
            try await EventStream.with("127.0.0.1", session.port, Self.waiting(session, id: id)) { stream in
                _ = try await stream.message("notifications/progress")
            }
            // The server has had every chance to notice when it has answered so many requests on new connections.
            for _ in 0..<20 { #expect(try await session.tool("counts").contentText == "began 1, cancelled 0") }
            _ = try await session.post(rpc("notifications/cancelled", ["requestId": id]))
            try await Self.cancelled(1) { try await session.tool("counts").contentText }
        }
    }

    @Test("Legacy: DELETE cancels what the session left behind")
    func deleted() async throws {
        try await Served.with(.requirementProbe) { server in
            let session = try await Session.open(server.port)
            let other = try await Session.open(server.port)
            try await EventStream.with("127.0.0.1", server.port, Self.waiting(session, id: 9)) { stream in
                _ = try await stream.message("notifications/progress")
                _ = try await session.end()
                try await Self.cancelled(1) { try await other.tool("counts").contentText }
            }
        }
    }

    @Test("2026-07-28: closing the connection cancels, while a stream runs and before one began", arguments: [true, false])
    func modern(streams: Bool) async throws {
        try await Served.with(.requirementProbe) { server in
            let client = Stateless(server)
            let meta: JSONObject = streams ? ["progressToken": 1] : [:]
            let call = Stateless.posted(client.message("tools/call", ["name": "wait"], meta: meta, id: 1))
            if streams {
                try await EventStream.with("127.0.0.1", server.port, call) { _ = try await $0.message("notifications/progress") }
            } else {
                try await HTTPConnection.with("127.0.0.1", server.port) { connection in
                    try await connection.send(call)
                    try await eventually(within: .seconds(10), "the call to begin") {
                        try await client.tool("counts").contentText.hasPrefix("began 1") ? () : nil
                    }
                }
            }
            try await Self.cancelled(1) { try await client.tool("counts").contentText }
        }
    }

    @Test("2026-07-28: notifications/cancelled is taken and cancels nothing: ids are anybody's")
    func modernNotification() async throws {
        try await Served.with(.requirementProbe) { server in
            let client = Stateless(server)
            let call = Stateless.posted(client.message("tools/call", ["name": "wait"], meta: ["progressToken": 1], id: 1))
            try await EventStream.with("127.0.0.1", server.port, call) { stream in
                _ = try await stream.message("notifications/progress")
                let message = rpc("notifications/cancelled", ["requestId": 1])
                let reply = try await converse(Session.posted(.object(message), Stateless.headers(for: message)), server.port)
                #expect(reply.status == 202 && reply.body.isEmpty)
                #expect(try await client.tool("counts").contentText == "began 1, cancelled 0")
            }
        }
    }
}
