/// One line of a report: what was looked at, what was found and, where it is wrong, why and what to do.
package struct Check: Sendable, Hashable {
    package enum Status: String, Sendable, Hashable, CaseIterable {
        case ok
        case warn
        case fail
        /// Not checked: it could not be looked at from here, or did not apply. ``Check/detail`` says why.
        case skip
    }

    /// Stable: `tcp.connect`. What stands before the dot is the layer.
    package var id: String
    package var status: Status
    /// What it is about: an address, a name, a file.
    package var subject: String
    /// The fact, in a few words.
    package var detail: String
    /// What the kernel said, by name: `ECONNREFUSED`.
    package var errno: String?
    package var duration: Duration?
    package var cause: String?
    /// One line that a person can act on.
    package var fix: String?

    package init(
        _ id: String, _ status: Status, _ subject: String, _ detail: String, errno: String? = nil, duration: Duration? = nil,
        cause: String? = nil, fix: String? = nil
    ) {
        self.id = id
        self.status = status
        self.subject = subject
        self.detail = detail
        self.errno = errno
        self.duration = duration
        self.cause = cause
        self.fix = fix
    }

    package var layer: Substring { id.prefix { $0 != "." } }
}
