import Listeners

/// hosts(5)
enum HostsFile {
    /// Lines whose address cannot be read are passed over, as the C library does; a zone (`fe80::1%lo0`) is dropped.
    static func lines(in text: String) -> [EnvironmentFacts.HostsLine] {
        ConfigurationLines(text).compactMap { words in
            guard let address = InternetAddress(words[0].prefix { $0 != "%" }), words.count > 1 else { return nil }
            return .init(address: address, names: words.dropFirst().map { $0.lowercased() })
        }
    }
}
