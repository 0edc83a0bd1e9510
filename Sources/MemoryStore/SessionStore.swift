package import MemoryModel

/// What a session of an old MCP revision came to after its token was signed; DESIGN section 3, "session records".
package protocol SessionStore: Sendable {
    func sessionRecord(_ id: String) async throws(StoreError) -> SessionRecordRow?
    /// Changes a record, or a new one where there is none, in one transaction.
    ///
    /// - Returns: the record as it stands now.
    func updateSessionRecord(
        _ id: String, expires: Timestamp, _ change: @escaping @Sendable (inout SessionRecordRow) -> Void
    ) async throws(StoreError) -> SessionRecordRow
    /// Removes what no token can name any more.
    func removeSessionRecords(expiredBefore: Timestamp) async throws(StoreError)
}

package struct SessionRecordRow: Sendable, Hashable {
    package var id: String
    package var expires: Timestamp
    package var hasEnded: Bool
    package var logLevel: String?
    /// The URIs of the resources whose changes the session wants to hear of.
    package var subscriptions: [String]

    package init(id: String, expires: Timestamp, hasEnded: Bool = false, logLevel: String? = nil, subscriptions: [String] = []) {
        self.id = id
        self.expires = expires
        self.hasEnded = hasEnded
        self.logLevel = logLevel
        self.subscriptions = subscriptions
    }
}
