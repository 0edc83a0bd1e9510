package import Transcripts

/// Finds the sources below a directory, of every format that is known. An import and a watch both look here.
package struct SourceDiscovery {
    package struct Found: Sendable {
        package var file: TranscriptFile
        package var source: Source
    }

    /// - Parameters:
    ///   - directory: the part of `root` to look through; `nil` for all of it.
    ///   - entering: hears of each directory before it is read.
    ///   - report: gets a sentence for each directory that cannot be read and is passed over.
    /// - Returns: oldest first; files that are no sources are left out.
    /// - Cost: one `lstat` a file.
    package static func sources(
        below root: String, in directory: String? = nil, entering: (String) -> Void = { _ in }, report: (String) -> Void
    ) throws(TranscriptFilesError) -> [Found] {
        try TranscriptFiles.find(below: root, in: directory, entering: entering, report: report).compactMap { file in
            source(at: file.path, under: root).map { Found(file: file, source: $0) }
        }
    }

    /// The source at a path, whether or not there is a file; `nil` for a path that is none of any agent's.
    package static func source(at path: String, under root: String) -> Source? {
        for format in TranscriptReaders.formats {
            if let location = format.location(path, under: root) { return Source(root: root, location: location, format: format) }
        }
        return nil
    }
}
