#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import MemoryModel
import MemoryStore

extension StoreFiles {
    /// What a repair, a restore or a backup that was cut short left beside the store.
    func formerStores() -> [StoreCopy] {
        let slash = store.lastIndex(of: "/")
        let folder = slash.map { $0 == store.startIndex ? "/" : String(store[..<$0]) } ?? "."
        let name = slash.map { String(store[store.index(after: $0)...]) } ?? store
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var result: [StoreCopy] = []
        while let entry = readdir(stream) {
            let file = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let isFormer = ["\(name).before-", "\(name).restoring", "\(name).partial"].contains { file.hasPrefix($0) }
            guard isFormer, !file.hasSuffix(".key") else { continue }
            let path = slash == nil ? file : "\(folder == "/" ? "" : folder)/\(file)"
            var status = stat()
            guard stat(path, &status) == 0 else { continue }
            #if canImport(Darwin)
                let seconds = Int64(status.st_mtimespec.tv_sec)
            #else
                let seconds = Int64(status.st_mtim.tv_sec)
            #endif
            result.append(StoreCopy(kind: .former, path: path, time: Timestamp(milliseconds: seconds * 1000)))
        }
        return result.sorted { $0.path < $1.path }
    }
}
