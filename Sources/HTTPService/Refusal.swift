package import HTTPTypes
package import HummingbirdCore
import NIOCore

/// An answer that says no in one sentence, which clients show to their users: what was refused, why, and the fix. Routes throw it.
package struct Refusal: Error, Sendable, Hashable {
    package var status: HTTPResponse.Status
    /// Without the product's name, which the service puts in front.
    package var sentence: String
    package var headers: HTTPFields
    /// Whether the connection cannot go on, since what follows on it can no longer be told apart.
    package var closesConnection: Bool
    /// Where it is one that is counted.
    package var reason: Reason?

    /// What of a request was not good enough.
    package enum Reason: String, Sendable, Hashable, CaseIterable {
        case host
        case origin
        case auth
        case limit
        /// One client sent too many in too short a time.
        case rate
    }

    package init(
        _ status: HTTPResponse.Status, _ sentence: String, headers: HTTPFields = [:], closesConnection: Bool = false, reason: Reason? = nil
    ) {
        self.status = status
        self.sentence = sentence
        self.headers = headers
        self.closesConnection = closesConnection
        self.reason = reason
    }

    package func response(product: String) -> Response {
        var headers = headers
        headers[.contentType] = "text/plain; charset=utf-8"
        headers[.cacheControl] = "no-store"
        if closesConnection { headers[.connection] = "close" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: "\(product): \(sentence)\n")))
    }
}

extension Refusal {
    static func bodyTooLarge(limit: Int) -> Refusal {
        Refusal(
            .contentTooLarge, "the body is larger than \(limit) bytes, which is the limit. Fix: send less in one request",
            closesConnection: true, reason: .limit)
    }
}

/// A text from outside, fit for one line: bounded, visible ASCII, without quotes or backslashes.
func quotable(_ text: String, limit: Int = 100) -> String {
    var result = ""
    for scalar in text.unicodeScalars.prefix(limit) {
        let isPlain = (0x20..<0x7F).contains(scalar.value) && scalar != "\"" && scalar != "\\"
        result.unicodeScalars.append(isPlain ? scalar : "?")
    }
    return text.unicodeScalars.count > limit ? result + "..." : result
}
