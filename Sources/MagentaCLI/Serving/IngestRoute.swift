import Access
import HTTPService
import HTTPTypes
import HummingbirdCore
import JSON
import NIOCore
import TranscriptIngest

/// `POST /ingest`: what `magenta watch --to` sends; ``LineBatchJSON`` has its form, docs/watch.md the answers.
struct IngestRoute: Sendable {
    let desk: IngestDesk
    let challenge: @Sendable (AccessFailure) -> String

    var route: Route {
        Route(.post, path: "/ingest", maximumBodyBytes: LineBatchJSON.maximumBody) { request in
            guard request.principal.scopes.contains(.write) else {
                throw Refusal(
                    .forbidden, "\(request.path) needs the scope \"write\". Fix: use a token that has it: magenta token create NAME --scope write",
                    headers: [.wwwAuthenticate: challenge(.insufficientScope(needed: [.write]))], reason: .auth)
            }
            // A web page may send this only after the browser has asked.
            guard request.headers[.contentType]?.lowercased().hasPrefix("application/json") == true else {
                throw Refusal(.unsupportedMediaType, "the body must be application/json. Fix: say so in Content-Type")
            }
            let length = request.headers[.contentLength].flatMap { Int($0) } ?? LineBatchJSON.maximumBody
            let answer = try await desk.admitting(min(max(length, 0), LineBatchJSON.maximumBody), of: request.principal.name) {
                try await desk.take(try await request.collectBytes(), from: request.principal)
            }
            return Response(
                status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: JSONWriter.bytes(of: answer))))
        }
    }
}
