#if os(Linux)
    import Dispatch
    import Synchronization

    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Musl)
        import Musl
    #endif

    /// Changes of directories from the Linux kernel; inotify(7).
    ///
    /// Its descriptor is read on a queue of its own when there is something to read, so no thread waits. What is not taken yet is bounded:
    /// beyond that the set is incomplete, as after an overflow of the kernel's own queue.
    final class INotify: DirectoryChanges {
        private struct State {
            /// The path of each watched directory. A directory that was renamed keeps its watch, and gets its new path when it is watched again.
            var directories: [Int32: String] = [:]
            var changes = DirectoryChangeSet()
        }

        private static let maximumPaths = 8192
        private static let bufferSize = 64 << 10
        private static let headerSize = 16

        private let descriptor: Int32
        /// Set up before anybody else has it; cancelling is all that is done with it then, which any thread may.
        private nonisolated(unsafe) let reading: any DispatchSourceRead
        private let state = Mutex(State())

        /// - Parameter ring: called when there is something to take.
        init(ring: @escaping @Sendable () -> Void) throws(DirectoryChangesError) {
            descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
            guard descriptor >= 0 else { throw Self.error(errno) }
            let queue = DispatchQueue(label: "magenta.watch.inotify")
            reading = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
            reading.setEventHandler { [weak self] in
                if self?.read() == true { ring() }
            }
            // Closed only when nothing reads it any more.
            reading.setCancelHandler { [descriptor] in close(descriptor) }
            reading.activate()
        }

        deinit { reading.cancel() }

        func stop() { reading.cancel() }

        func watch(_ directory: String) throws(DirectoryChangesError) {
            let mask =
                IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF
                | IN_ONLYDIR
            // Under the lock, so that no event comes before its directory has a path.
            let code = state.withLock { state -> Int32 in
                let watch = inotify_add_watch(descriptor, directory, UInt32(mask))
                guard watch >= 0 else { return errno }
                state.directories[watch] = directory
                return 0
            }
            if code != 0 { throw Self.error(code) }
        }

        func unwatch(_ directory: String) {
            state.withLock { state in
                guard let watch = state.directories.first(where: { $0.value == directory })?.key else { return }
                state.directories[watch] = nil
                inotify_rm_watch(descriptor, watch)
            }
        }

        func take() -> DirectoryChangeSet {
            state.withLock { state in
                defer { state.changes = DirectoryChangeSet() }
                return state.changes
            }
        }

        /// - Returns: whether something has to be taken.
        private func read() -> Bool {
            withUnsafeTemporaryAllocation(byteCount: Self.bufferSize, alignment: 8) { buffer in
                var isNews = false
                while true {
                    let count = systemRead(descriptor, buffer)
                    guard count > 0 else { return isNews }
                    isNews = true
                    state.withLock { add(UnsafeRawBufferPointer(rebasing: buffer[..<count]), to: &$0) }
                }
            }
        }

        private func add(_ bytes: UnsafeRawBufferPointer, to state: inout State) {
            var rest = bytes
            while rest.count >= Self.headerSize {
                // struct inotify_event { int wd; uint32_t mask, cookie, len; char name[]; }
                let watch = rest.loadUnaligned(as: Int32.self)
                let mask = rest.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
                let length = Int(rest.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
                let end = min(Self.headerSize + length, rest.count)
                let name = String(decoding: rest[Self.headerSize..<end].prefix { $0 != 0 }, as: UTF8.self)
                add(watch, mask, name, to: &state)
                rest = UnsafeRawBufferPointer(rebasing: rest[end...])
            }
        }

        private func add(_ watch: Int32, _ mask: UInt32, _ name: String, to state: inout State) {
            func has(_ bits: Int32) -> Bool { mask & UInt32(bits) != 0 }
            if has(IN_Q_OVERFLOW) || has(IN_DELETE_SELF) || has(IN_MOVE_SELF) { state.changes.isIncomplete = true }
            if has(IN_IGNORED) { state.directories[watch] = nil }
            guard !name.isEmpty, let directory = state.directories[watch] else { return }
            let path = "\(directory)/\(name)"
            if has(IN_ISDIR) {
                if has(IN_CREATE | IN_MOVED_TO) { state.changes.directories.insert(path) }
                // What was in a directory that moved away moved without a word.
                if has(IN_MOVED_FROM) { state.changes.isIncomplete = true }
            } else {
                state.changes.paths.insert(path)
            }
            if state.changes.paths.count + state.changes.directories.count > Self.maximumPaths {
                state.changes = DirectoryChangeSet(isIncomplete: true)
            }
        }

        private static func error(_ code: Int32) -> DirectoryChangesError {
            switch code {
            case ENOSPC: .watchesUsedUp
            case EMFILE, ENFILE, ENOMEM: .instancesUsedUp
            case ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG: .notReadable
            default: .failed(reason: "inotify: \(String(cString: strerror(code)))")
            }
        }
    }

    /// `read` by a name that the method of the same name does not hide.
    private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        read(descriptor, buffer.baseAddress, buffer.count)
    }
#endif
