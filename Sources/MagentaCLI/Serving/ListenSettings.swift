import Access
import Diagnosis
import FoundationEssentials
import Listeners

/// What the settings say about listening: where, and who may come.
enum ListenSettings {
    /// Sockets that a service manager passes on come first; then the default is not listened on beside them.
    static func specifications(_ settings: Settings) throws -> [ListenSpecification] {
        let inherited = try InheritedSockets.specifications(
            environment: settings.environment, processID: ProcessInfo.processInfo.processIdentifier)
        if !inherited.isEmpty, settings.listen == [Setting.listen.defaultText] { return inherited }
        return try inherited + settings.listen.map { try ListenSpecification.parse($0) }
    }

    /// The authenticator, and the rule that nothing beyond loopback is served to everybody by accident.
    static func access(_ settings: Settings, for listeners: [BoundListener]) throws -> any Authenticator {
        if let file = settings.tokenFile {
            if settings.needsNoAuth { throw UsageError("--token-file and --no-auth exclude each other; leave one out") }
            return try token(in: file)
        }
        if settings.needsNoAuth { return OpenAccess() }
        if let open = listeners.first(where: { $0.family != .unix && !$0.isLoopback }) {
            throw UsageError(
                "listening on \(open.endpoint) would let everybody who can reach it read all conversations. Fix: --token-file FILE "
                    + "(or MAGENTA_TOKEN_FILE) with a token in it, for example from: openssl rand -hex 32; or say --no-auth")
        }
        return OpenAccess()
    }

    private static func token(in path: String) throws -> BearerToken {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw UsageError("cannot read the token file \(path): there is no such file, or it may not be read")
        }
        guard data.count <= 4096 else { throw UsageError("the token file \(path) is longer than 4096 bytes; it should hold one line with the token") }
        let text = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        do { return try BearerToken(text) } catch { throw UsageError("the token file \(path) is of no use: \(error)") }
    }
}
