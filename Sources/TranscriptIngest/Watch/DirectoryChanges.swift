/// Tells of changes below directories, without looking at them. May miss some: a rescan stands behind it.
package protocol DirectoryChanges: Sendable {
    /// Watches a directory from now on, but not what is below it. Watching it again is no harm.
    func watch(_ directory: String) throws(DirectoryChangesError)

    /// Watches it no more; one that is not watched is no harm.
    func unwatch(_ directory: String)

    /// What happened since this was asked last.
    func take() -> DirectoryChangeSet

    func stop()
}

package struct DirectoryChangeSet: Sendable, Hashable {
    /// Files that were written, came or went.
    package var paths: Set<String>
    /// Directories that came.
    package var directories: Set<String>
    /// Whether something happened that these do not name: look at everything.
    package var isIncomplete: Bool

    package init(paths: Set<String> = [], directories: Set<String> = [], isIncomplete: Bool = false) {
        self.paths = paths
        self.directories = directories
        self.isIncomplete = isIncomplete
    }
}

/// Why a directory, or any, cannot be watched.
package enum DirectoryChangesError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kernel gives this user no more watches.
    case watchesUsedUp
    /// The kernel gives this user, or this process, no more of what watches belong to.
    case instancesUsedUp
    /// The directory is not there any more, or is closed to this user; reading it says more.
    case notReadable
    case failed(reason: String)

    package var description: String {
        switch self {
        case .watchesUsedUp:
            "this user has used up its inotify watches. Fix: sudo sysctl fs.inotify.max_user_watches=524288 (in a container: on the host)"
        case .instancesUsedUp:
            "this user has used up its inotify instances, or this process its open files. Fix: sudo sysctl fs.inotify.max_user_instances=512 "
                + "(in a container: on the host), or a higher ulimit -n"
        case .notReadable: "the directory cannot be read"
        case .failed(let reason): reason
        }
    }
}

/// Makes what tells of changes and rings when something did; `nil` where the platform has nothing of the kind.
package struct DirectoryChangesSource: Sendable {
    let make: @Sendable (_ ring: @escaping @Sendable () -> Void) throws(DirectoryChangesError) -> (any DirectoryChanges)?

    package init(
        _ make: @escaping @Sendable (_ ring: @escaping @Sendable () -> Void) throws(DirectoryChangesError) -> (any DirectoryChanges)?
    ) {
        self.make = make
    }

    package static let polling = DirectoryChangesSource { _ throws(DirectoryChangesError) in nil }

    package static let platform = DirectoryChangesSource { ring throws(DirectoryChangesError) in
        #if os(Linux)
            try INotify(ring: ring)
        #else
            nil
        #endif
    }
}
