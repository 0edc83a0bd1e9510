import JSON

/// `ping`, which legacy revisions have, and `server/discover`, which took the place of the handshake.
struct LifecycleMethods: Sendable {
    let instructions: String?
    let capabilities: @Sendable (Revision) -> JSONObject
    let cacheHint: CacheHint

    var feature: Feature {
        Feature(methods: [
            Method("ping", serves: \.isLegacy) { _, _ in MethodResult() },
            Method("server/discover", serves: { !$0.isLegacy }) { _, context in discover(context) },
        ])
    }

    private func discover(_ context: RequestContext) -> MethodResult {
        var members: JSONObject = [
            "supportedVersions": .array(Revision.stateless.map { .string($0.rawValue) }),
            "capabilities": .object(capabilities(context.revision)),
        ]
        if let instructions { members["instructions"] = .string(instructions) }
        return MethodResult(members, cacheHint: cacheHint)
    }
}
