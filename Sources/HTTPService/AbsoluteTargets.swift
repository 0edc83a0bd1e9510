import NIOCore
import NIOHTTP1

/// Brings a request line with a whole URL into the usual form, before the codec drops the URL's authority.
///
/// A client that takes this server for its proxy sends `POST http://mcp-server:8000/mcp HTTP/1.1`. What such a target names is asked for,
/// whatever `Host` says (RFC 9112 section 3.2.2); so the authority takes the place of the first `Host`. A request without any keeps none, and
/// one with two keeps two: both are refused further up (section 3.2).
final class AbsoluteTargets: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data), let target = Self.split(head.uri) else { return context.fireChannelRead(data) }
        head.uri = target.path
        var isReplaced = false
        var headers = HTTPHeaders()
        for (name, value) in head.headers {
            let isHost = !isReplaced && name.lowercased() == "host"
            headers.add(name: name, value: isHost ? target.authority : value)
            isReplaced = isReplaced || isHost
        }
        head.headers = headers
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// `nil` for a target that is no URL.
    static func split(_ target: String) -> (authority: String, path: String)? {
        // The common case first: every other request has a path here.
        guard target.utf8.first != UInt8(ascii: "/") else { return nil }
        for scheme in ["http://", "https://"] where target.prefix(scheme.utf8.count).lowercased() == scheme {
            let rest = target.dropFirst(scheme.utf8.count)
            let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
            let path = rest[end...]
            return (String(rest[..<end]), path.utf8.first == UInt8(ascii: "/") ? String(path) : "/" + path)
        }
        return nil
    }
}
