/// Why the sockets that were asked for cannot be had. Everything bound before is closed again.
package struct ListenError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// Somebody else has the port, or a live server the socket file.
        case taken
        /// The host has no such address or family.
        case noAddress
        case notPermitted
        /// `fd:N` or LISTEN_FDS names what is no listening socket.
        case badDescriptor
        case nothingToListenOn
        case other
    }

    package var code: Code
    /// What was attempted, why it failed, and the fix.
    package var description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
