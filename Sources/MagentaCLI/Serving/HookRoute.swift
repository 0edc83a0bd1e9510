import Access
import HTTPService
import HTTPTypes
import HummingbirdCore
import JSON
import MemoryRecall
import MemoryStore
import NIOCore
import NIOPosix
import Redaction
import TranscriptIngest

/// `POST /hook`: what the hooks of Claude Code ask for (docs/hooks.md). The body is `{event, max_tokens?, session_id?, transcript_path?, cwd?,
/// source?, trigger?, reason?}`, the last six as Claude Code gives them. SessionStart is answered 200 with the briefing as text/plain, every
/// other event 202 without a body, before anything is read.
struct HookRoute: Sendable {
    /// What the route knows of this host, and whom it tells.
    struct Surroundings: Sendable {
        /// The repository of a directory on this host; `nil` where it has none.
        var repository: @Sendable (String) async -> String? = { _ in nil }
        /// Gets the path of a transcript that has grown, as a client names it: it may be any text. Returns at once.
        var onNudge: @Sendable (String) -> Void = { _ in }

        init() {}

        /// - Parameter nudges: where a watch takes them; a server that watches nothing has no use for them.
        init(_ capture: LocalCapture, _ nudges: WatchNudges) {
            repository = { directory in
                // It reads a few small files.
                try? await NIOThreadPool.singleton.runIfActive {
                    capture.context.repository(capture.context.redactor.redact(directory))?.value
                }
            }
            onNudge = nudges.nudge
        }
    }

    let recall: Recall
    let surroundings: Surroundings
    let challenge: @Sendable (AccessFailure) -> String

    private static let maximumBody = 1 << 16
    private static let maximumText = 4096
    private static let defaultTokens = 1000

    var route: Route {
        Route(.post, path: "/hook", maximumBodyBytes: Self.maximumBody) { request in
            try request.checkMayRead(challenge)
            let event = try Self.event(try await request.collectBytes())
            if let path = text("transcript_path", of: event) { surroundings.onNudge(path) }
            guard event["event"]?.string == "SessionStart" else { return Response(status: .accepted, headers: [.cacheControl: "no-store"]) }
            let briefing = try await briefing(event)
            return Response(
                status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: briefing)))
        }
    }

    private func briefing(_ event: JSONObject) async throws -> String {
        let directory = text("cwd", of: event).flatMap { $0.hasPrefix("/") ? $0 : nil }
        var repository: String?
        if let directory { repository = await surroundings.repository(directory) }
        do {
            let tokens = event["max_tokens"]?.integer.map(Int.init(clamping:)) ?? Self.defaultTokens
            return try await recall.briefing(of: directory, repository: repository, maxTokens: tokens).plainText
        } catch let error as StoreError {
            throw Refusal(.serviceUnavailable, "the memory cannot be read now (\(error.code.rawValue)). Fix: see the server's log")
        }
    }

    private static func event(_ bytes: [UInt8]) throws(Refusal) -> JSONObject {
        do {
            if case .object(let object) = try JSONReader(maximumDepth: 8).read(bytes), object["event"]?.string != nil { return object }
        } catch {
            throw Refusal(.badRequest, "the body is no valid JSON: \(error). Fix: send {\"event\": NAME, ...}")
        }
        throw Refusal(.badRequest, "the body is no object with an \"event\". Fix: send {\"event\": NAME, ...}")
    }

    private func text(_ name: String, of event: JSONObject) -> String? {
        guard let text = event[name]?.string, !text.isEmpty, text.utf8.count <= Self.maximumText, !text.utf8.contains(0) else { return nil }
        return text
    }
}
