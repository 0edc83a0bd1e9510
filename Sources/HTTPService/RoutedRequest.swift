package import Access
package import Diagnosis
package import HTTPTypes
package import HummingbirdCore
package import NIOCore

/// A request that Host, Origin, size and authentication have let through, with what its route needs to know.
package struct RoutedRequest: Sendable {
    /// Its body can be read once.
    package let request: Request
    /// Stands in the log, in `X-Request-Id` and in every error that names one.
    package let id: String
    package let principal: Principal
    /// Who asks, in canonical form without the port; `unix` on a unix socket.
    package let peer: String
    /// The family of the listener that it came in on.
    package let family: AddressFamily
    package let isSecure: Bool
    /// What `Origin` says; a form that changes something asks for ``OriginRule/Verdict/isOwn``.
    package let origin: OriginRule.Verdict
    /// Raised when the client closed its side or the connection broke. Not raised between a request's end and the next.
    package let departure: Signal
    /// Raised when the server stops: a stream says goodbye and ends.
    package let drain: Signal
    package let maximumBodyBytes: Int

    package var method: HTTPRequest.Method { request.method }
    package var headers: HTTPFields { request.headers }
    /// As it was sent, without the query; not percent-decoded.
    package var path: String { request.uri.path }
    package var query: String? { request.uri.query }

    /// The first value of a query parameter, percent-decoded.
    package func queryValue(_ name: String) -> String? {
        request.uri.queryParameters[name[...]].map(String.init)
    }

    /// The whole body.
    /// - Throws: ``Refusal`` 413 where it is longer than ``maximumBodyBytes``, whether or not it said so beforehand; 400 where the
    ///   connection broke in the middle.
    package func collectBody() async throws -> ByteBuffer {
        var whole: ByteBuffer?
        do {
            for try await part in request.body {
                let length = (whole?.readableBytes ?? 0) + part.readableBytes
                guard length <= maximumBodyBytes else { throw Refusal.bodyTooLarge(limit: maximumBodyBytes) }
                if whole == nil {
                    whole = part
                } else {
                    whole?.writeImmutableBuffer(part)
                }
            }
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw Refusal(.badRequest, "the body broke off or is not valid HTTP. Fix: send it again", closesConnection: true)
        }
        return whole ?? ByteBuffer()
    }

    package func collectBytes() async throws -> [UInt8] {
        let body = try await collectBody()
        return Array(body.readableBytesView)
    }

    /// What a fallback throws for a request that it does not know either.
    package func unknownPath() -> Refusal {
        Refusal(.notFound, "there is nothing at \"\(quotable(path))\". Fix: check the path of the URL")
    }
}
