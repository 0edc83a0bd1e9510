package import Transcripts

/// Finds the sources below a directory, of every format that is known. An import and a watch both look here.
package struct SourceDiscovery {
    package struct Found: Sendable {
        package var file: TranscriptFile
        package var source: Source
    }

    /// - Parameters:
    ///   - directory: the part of `root` to look through; `nil` for all of it.
    ///   - cache: knows the files that it was shown before; without one, each file whose path does not say whose it is is looked into.
    ///   - entering: hears of each directory before it is read.
    ///   - report: hears of each directory that cannot be read, of each file that is of no known format, and of what is passed over.
    /// - Returns: oldest first; files that are no sources are left out.
    /// - Cost: one `lstat` a file, and a look into each file whose path does not say whose it is and that the cache does not know.
    package static func sources(
        below root: String, in directory: String? = nil, cache: RecognitionCache = RecognitionCache(), entering: (String) -> Void = { _ in },
        report: (TranscriptProblem) -> Void
    ) throws(TranscriptFilesError) -> [Found] {
        var found: [Found] = []
        let files = try TranscriptFiles.find(below: root, in: directory, entering: entering, report: report)
        let recognitions = cache.recognitions(of: files, under: root, isWhole: directory == nil)
        for (file, recognition) in zip(files, recognitions) {
            switch recognition {
            case .transcript(let format, let location):
                found.append(Found(file: file, source: Source(root: root, location: location, format: format)))
            case .refused(let reason): report(.unknown("\(reason)"))
            case .none: continue
            }
        }
        // The directory may be a part of a session that lies beside it.
        if let directory, found.isEmpty, let source = source(at: "\(directory)/part.json", under: root), let stamp = source.stamp {
            found.append(Found(file: TranscriptFile(path: source.location.path, stamp: stamp), source: source))
        }
        return found
    }

    /// The sources that the files in a directory are parts of.
    static func sources(withPartsIn directory: String, under root: String) -> [Source] {
        var paths: Set<String> = []
        return TranscriptFiles.names(in: directory).compactMap { source(at: "\(directory)/\($0)", under: root) }
            .filter { paths.insert($0.location.path).inserted }
    }

    /// The source that a path is, or is a part of, whether or not there is a file; `nil` for a path that is none of any agent's.
    package static func source(at path: String, under root: String) -> Source? {
        guard let transcript = TranscriptReaders.transcript(holding: path, under: root) ?? (path.hasSuffix(".jsonl") ? path : nil),
            case .transcript(let format, let location) = TranscriptRecognition(transcript, under: root)
        else { return nil }
        return Source(root: root, location: location, format: format)
    }
}

extension Source {
    /// What a look at the source shows without reading it; `nil` where it is gone.
    var stamp: FileStamp? { format.stamp(of: location) }
}
