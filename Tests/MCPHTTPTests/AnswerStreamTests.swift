import JSON
import MCPCore
import Testing

@testable import MCPHTTP

@Suite struct `Answer streams` {
    static func answer(_ text: String) -> MCPCore.Response { Response(id: 1, outcome: .success(["text": .string(text)])) }

    static func read(_ reading: AnswerStream.Reading?) async -> [String] {
        guard let reading else { return ["nothing"] }
        var events: [String] = []
        for await event in reading.events {
            switch event {
            case .message(let bytes, let number): events.append("\(number) \(String(decoding: bytes, as: UTF8.self))")
            case .answer(_, let number): events.append("\(number) answer")
            case .pause: events.append("pause")
            case .ping: events.append("ping")
            }
        }
        return events
    }

    @Test func `keep the answer, whatever else no longer fits`() async {
        let stream = AnswerStream(id: "s", session: "a", limit: 10, keeps: 100)
        let first = stream.read()
        first?.leave()
        #expect(stream.send(Array("one".utf8)))
        stream.finish(Self.answer(String(repeating: "x", count: 1000)))
        #expect(await Self.read(stream.read(after: 0)) == ["2 answer"])
        #expect(await Self.read(stream.read(after: 1)) == ["2 answer"])
        #expect(await Self.read(stream.read(after: 2)).isEmpty)
        #expect(await Self.read(stream.read(after: 3)) == ["nothing"])
    }

    @Test func `of a cancelled request repeat nothing`() async {
        let stream = AnswerStream(id: "s", session: "a", limit: 10, keeps: 100)
        stream.send(Array("one".utf8))
        stream.finish(nil)
        #expect(await Self.read(stream.read(after: 1)).isEmpty)
    }

    @Test func `take nothing that nobody could ever read, and say so`() {
        let stream = AnswerStream(id: "s", session: "a", limit: 10, keeps: 0)
        #expect(stream.send([1]))
        let reading = stream.read()
        #expect(stream.send([2]))
        reading?.leave()
        #expect(!stream.send([3]))
    }

    @Test func `are not ended by a reader of before`() async {
        let stream = AnswerStream(id: "s", session: "a", limit: 10, keeps: 100)
        let older = stream.read()
        let newer = stream.read()
        older?.leave()
        stream.send(Array("one".utf8))
        stream.finish(Self.answer(""))
        #expect(await Self.read(newer) == ["1 one", "2 answer"])
    }

    @Test func `are dropped from the buffer by age, and never while somebody reads`() {
        let buffer = ReplayBuffer(limit: 2, lifetime: .zero)
        let streams = (0..<3).map { AnswerStream(id: "s\($0)", session: "a", limit: 1, keeps: 10) }
        let readings = streams.map { $0.read() }
        for stream in streams { buffer.keep(stream) }
        #expect(streams.allSatisfy { buffer.find("\($0.id)-0", session: "a") != nil })
        #expect(buffer.find("s0-0", session: "b") == nil)
        readings[1]?.leave()
        buffer.sweep()
        #expect(buffer.find("s1-0", session: "a") == nil)
        #expect(buffer.find("s0-0", session: "a") != nil)
    }
}
