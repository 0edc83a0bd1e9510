package import BinaryTesting
package import JSON

/// A transcript with one message about a zebra, and how every client asks for that.
package enum SampleMemory {
    package static let messageID = "00000000-0000-4000-8000-000000000002"
    package static let tool = "search_messages"
    package static let arguments: JSONValue = ["query": "zebra", "limit": 3]

    /// Writes it as Claude Code would, below the folder that is given back.
    package static func write(in scratch: Scratch) throws -> String {
        let session = "5e551011-0000-4000-8000-000000000001"
        let lines = [
            record(1, session, "user", ["role": "user", "content": "Which animals live behind the old bridge?"]),
            record(
                2, session, "assistant",
                [
                    "id": "msg_2", "type": "message", "role": "assistant", "model": "claude-opus-4-6", "stop_reason": "end_turn",
                    "content": [["type": "text", "text": "A zebra and two owls live there."]],
                    "usage": ["input_tokens": 5, "output_tokens": 9],
                ]),
        ]
        try scratch.write(lines.map { "\($0)\n" }.joined(), to: "transcripts/-home-dev-zoo/\(session).jsonl")
        return scratch.path("transcripts")
    }

    private static func record(_ number: Int, _ session: String, _ type: String, _ message: JSONValue) -> JSONValue {
        [
            "parentUuid": number > 1 ? "00000000-0000-4000-8000-000000000001" : nil, "isSidechain": false, "userType": "external",
            "cwd": "/home/dev/zoo", "sessionId": .string(session), "version": "2.1.330", "gitBranch": "main", "type": .string(type),
            "uuid": .string("00000000-0000-4000-8000-00000000000\(number)"),
            "timestamp": .string("2026-03-01T10:0\(number):00.000Z"), "message": message,
        ]
    }
}
