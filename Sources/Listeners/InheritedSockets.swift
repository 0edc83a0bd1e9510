/// The sockets that a service manager passes on: LISTEN_FDS of them from descriptor 3 up, meant for the process LISTEN_PID (sd_listen_fds(3)).
package enum InheritedSockets {
    package static func specifications(
        environment: [String: String], processID: Int32
    ) throws(ListenError) -> [ListenSpecification] {
        guard let count = environment["LISTEN_FDS"], !count.isEmpty else { return [] }
        // Set for another process of the same environment, such as the shell that started us: not ours.
        if let owner = environment["LISTEN_PID"], !owner.isEmpty {
            guard let owner = Int32(owner) else {
                throw ListenError(
                    .badDescriptor, "LISTEN_PID is \"\(quoted(owner))\" and not a process id; unset LISTEN_FDS and LISTEN_PID")
            }
            guard owner == processID else { return [] }
        }
        guard let count = CInt(count), (0...64).contains(count) else {
            throw ListenError(.badDescriptor, "LISTEN_FDS is \"\(quoted(count))\" and not a number from 0 to 64; unset LISTEN_FDS")
        }
        return (0..<count).map { .descriptor(3 + $0) }
    }
}
