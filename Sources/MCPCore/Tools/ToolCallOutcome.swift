/// What came of a tool's call.
public enum ToolCallOutcome: String, Sendable, Hashable, CaseIterable {
    /// A result.
    case answered
    /// A result that says that the tool failed (`isError`), its arguments included.
    case failed
    /// An error of the protocol: the scopes, the arguments or the task form do not do.
    case refused
    /// The client is asked something first.
    case asked
    /// The client cancelled, or the server stopped.
    case cancelled
}
