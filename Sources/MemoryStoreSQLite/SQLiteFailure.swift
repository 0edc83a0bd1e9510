import GRDB
import MemoryStore

extension StoreError {
    /// What SQLite and GRDB report, as the store's own error. Messages of SQLite name tables and columns, never values.
    init(_ error: any Error, operation: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self = StoreError(sqlite: error, operation: operation)
        case is CancellationError:
            self.init(.failed, operation: operation, cause: "it was cancelled; nothing of it was stored")
        case let error as CompressionError: self.init(.corrupt, operation: operation, cause: error.description)
        default: self.init(.failed, operation: operation, cause: "an unexpected \(type(of: error))")
        }
    }

    private init(sqlite error: DatabaseError, operation: String) {
        let message = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.busy, operation: operation, cause: "another process holds the store; try again when its import is done")
        case .SQLITE_FULL:
            self.init(.full, operation: operation, cause: "the disk is full; free some space, nothing of this was stored")
        case .SQLITE_READONLY:
            self.init(.readOnly, operation: operation, cause: "the file or its directory cannot be written; SQLite needs both")
        case .SQLITE_CORRUPT:
            self.init(.corrupt, operation: operation, cause: "the file is damaged (\(message)); restore a backup")
        case .SQLITE_NOTADB:
            self.init(.corrupt, operation: operation, cause: "the file is no SQLite database; name another file")
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(.unavailable, operation: operation, cause: "\(message); check that the file and its directory exist and are yours")
        case .SQLITE_IOERR:
            self.init(.unavailable, operation: operation, cause: "the disk failed (\(message))")
        case .SQLITE_INTERRUPT:
            self.init(.failed, operation: operation, cause: "it was cancelled; nothing of it was stored")
        default:
            self.init(.failed, operation: operation, cause: message)
        }
    }
}
