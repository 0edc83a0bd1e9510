import Synchronization

/// What somebody beside the kernel says has changed: an agent's hook, that its transcript has grown. A nudge makes a watch look at one file
/// at once, where it missed an event or has none. It may come before the watch runs.
package final class WatchNudges: Sendable {
    private struct State {
        var told = DirectoryChangeSet()
        var bell: WakeUp?
    }

    /// With more than these, everything is looked at.
    private static let maximumPaths = 256

    private let state = Mutex(State())

    package init() {}

    /// - Parameter path: what a client says, so any text; what is no plain path below a directory that is watched comes to nothing.
    package func nudge(_ path: String) {
        guard path.hasPrefix("/"), !path.split(separator: "/").contains(where: { $0 == ".." || $0 == "." }) else { return }
        let bell = state.withLock { state in
            if state.told.paths.count < Self.maximumPaths {
                state.told.paths.insert(path)
            } else if !state.told.paths.contains(path) {
                state.told.isIncomplete = true
            }
            return state.bell
        }
        bell?.ring()
    }

    func attach(_ bell: WakeUp?) { state.withLock { $0.bell = bell } }

    func take() -> DirectoryChangeSet {
        state.withLock { state in
            defer { state.told = DirectoryChangeSet() }
            return state.told
        }
    }
}
