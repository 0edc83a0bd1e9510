#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import MemoryStore
import Synchronization

/// The right to capture: `flock` on a file beside the store, which the kernel takes back when the process dies. The file
/// itself stays; removing it would let two processes lock two files of one name.
final class CaptureFileLock: CaptureLock {
    private let file: Mutex<Int32?>

    /// `nil` while another process, or another store value of this one, holds it.
    init?(at path: String) throws(StoreError) {
        let operation = "take the capture lock \(path)"
        let descriptor = try StoreFiles.open(path, O_RDWR | O_CREAT | O_NOFOLLOW, operation: operation)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            if code == EWOULDBLOCK || code == EINTR { return nil }
            throw StoreError(errno: code, operation: operation)
        }
        file = Mutex(descriptor)
    }

    /// A shared lock keeps nobody who only looks away; who wants the right to capture at this very moment tries again.
    static func isHeld(at path: String) throws(StoreError) -> Bool {
        let operation = "look at the capture lock \(path)"
        let descriptor: Int32
        do throws(StoreError) {
            descriptor = try StoreFiles.open(path, O_RDONLY | O_NOFOLLOW, operation: operation)
        } catch {
            // Nobody has captured yet.
            if access(path, F_OK) != 0, errno == ENOENT { return false }
            throw error
        }
        defer { close(descriptor) }
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return false }
        let code = errno
        guard code == EWOULDBLOCK else { throw StoreError(errno: code, operation: operation) }
        return true
    }

    func release() {
        file.withLock { descriptor in
            if let open = descriptor { close(open) }
            descriptor = nil
        }
    }

    deinit { release() }
}
