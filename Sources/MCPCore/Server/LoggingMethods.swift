import JSON

/// `logging/setLevel`; 2026-07-28 says the level with each request instead.
struct LoggingMethods: Sendable {
    var feature: Feature {
        Feature(
            methods: [Method("logging/setLevel", serves: \.isLegacy) { params, context in try await setLevel(params, context) }],
            capability: { _ in JSONObject.Member(key: "logging", value: [:]) })
    }

    private func setLevel(_ params: JSONObject, _ context: RequestContext) async throws(JSONRPCError) -> MethodResult {
        guard let level = params["level"]?.string.flatMap(LogLevel.init(rawValue:)) else {
            let known = LogLevel.allCases.map(\.rawValue).joined(separator: ", ")
            throw JSONRPCError(.invalidParams, "logging/setLevel needs \"level\", one of \(known).")
        }
        try await context.channel.remember(.logLevel(level))
        return MethodResult()
    }
}
