import Access
import Crypto
import FoundationEssentials
import JSON

/// Makes and opens `requestState`, which the client carries and must not change or read: AES-256-GCM in Base64 of URLs.
struct RequestStateSeal: Sendable {
    /// What a state belongs to. Another request's state, or another caller's, does not open.
    struct Binding: Sendable, Hashable {
        var principal: String
        var method: String
        /// The parameters that say what is asked for: not the answers, not the state, not the metadata.
        var params: JSONObject

        init(principal: Principal, method: String, params: JSONObject) {
            self.principal = principal.name
            self.method = method
            self.params = params
            for key in ["_meta", "inputResponses", "requestState"] { self.params[key] = nil }
            // A tool's arguments that are absent mean none.
            if self.params["arguments"]?.isNull ?? true { self.params["arguments"] = [:] }
        }

        /// Two texts of the same value are the same request.
        private static func sorted(_ value: JSONValue) -> JSONValue {
            switch value {
            case .object(let object):
                .object(JSONObject(object.members.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: sorted($0.value)) }))
            case .array(let elements): .array(elements.map(sorted))
            default: value
            }
        }

        fileprivate var bytes: [UInt8] {
            Array(
                SHA256.hash(data: JSONWriter.bytes(of: ["p": .string(principal), "m": .string(method), "a": Self.sorted(.object(params))])))
        }
    }

    /// What a client has to carry is bounded; answers longer than this belong into a store behind a handle.
    static let limit = 48 * 1024
    static let lifetime: UInt32 = 3600
    private let key: SymmetricKey
    private let now: @Sendable () -> UInt32

    init(_ key: ServerKey, now: @escaping @Sendable () -> UInt32) {
        self.key = key.key(for: "mcp-request-state")
        self.now = now
    }

    func seal(_ content: JSONObject, for binding: Binding) throws -> String {
        var content = content
        content["expires"] = .integer(Int64(now() &+ Self.lifetime))
        let bytes = JSONWriter.bytes(of: .object(content))
        guard bytes.count <= Self.limit else {
            throw JSONRPCError(.internalError, "The answers so far are longer than \(Self.limit) bytes, which is more than a request can carry.")
        }
        let box = try AES.GCM.seal(bytes, using: key, authenticating: binding.bytes)
        guard let combined = box.combined else { throw JSONRPCError(.internalError, "The state of the request could not be sealed.") }
        return Base64.url.encode(combined)
    }

    /// `nil` for everything that was not sealed here for this binding, or is too old; nobody learns which.
    func open(_ text: String, for binding: Binding) -> JSONObject? {
        guard text.utf8.count <= Self.limit * 2, let bytes = Base64.url.decode(text), let box = try? AES.GCM.SealedBox(combined: bytes),
            let plain = try? AES.GCM.open(box, using: key, authenticating: binding.bytes),
            case .object(let content)? = try? JSONReader().read(Array(plain)), let expires = content["expires"]?.integer
        else { return nil }
        return expires > Int64(now()) ? content : nil
    }
}
