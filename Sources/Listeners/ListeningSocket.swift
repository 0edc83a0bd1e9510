/// A TCP socket of this host that listens, whoever's it is.
package struct ListeningSocket: Sendable, Hashable {
    package var address: InternetAddress
    package var port: UInt16
    /// The id of the user who made it.
    package var user: UInt32
    package var inode: UInt64
    /// IPV6_V6ONLY; `nil` for IPv4, and where the kernel did not say.
    package var isIPv6Only: Bool?

    package init(address: InternetAddress, port: UInt16, user: UInt32, inode: UInt64, isIPv6Only: Bool? = nil) {
        self.address = address
        self.port = port
        self.user = user
        self.inode = inode
        self.isIPv6Only = isIPv6Only
    }

    /// All of this network namespace's, by sock_diag(7) and, where the kernel or a sandbox refuses that, by procfs, which does not show
    /// IPV6_V6ONLY. No privilege is needed. Blocking, for as long as the kernel takes to list them.
    /// - Throws: the error of sock_diag where neither can be read.
    package static func all(proc: String = "/proc") throws(SystemCallError) -> [ListeningSocket] {
        do throws(SystemCallError) {
            return try SocketDiagnosis.listening()
        } catch {
            if let sockets = SocketTable.listening(proc: proc) { return sockets }
            throw error
        }
    }
}
