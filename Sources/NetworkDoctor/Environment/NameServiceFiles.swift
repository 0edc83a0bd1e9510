/// nsswitch.conf(5)
enum NameServiceSwitch {
    /// What stands behind `hosts:`, with one space between words; `nil` where there is no such line.
    static func hosts(in text: String) -> String? {
        for words in ConfigurationLines(text) {
            if words[0] == "hosts:" { return words.dropFirst().joined(separator: " ") }
            if words[0].hasPrefix("hosts:") {
                return ([words[0].dropFirst("hosts:".count)] + words.dropFirst()).joined(separator: " ")
            }
        }
        return nil
    }
}

/// host.conf(5)
enum HostConfiguration {
    /// `multi on`; the last one counts, and glibc's own default is off.
    static func takesAllHostsLines(in text: String) -> Bool {
        ConfigurationLines(text).last { $0.count > 1 && $0[0] == "multi" }.map { $0[1] == "on" } ?? false
    }
}

/// gai.conf(5)
enum AddressOrder {
    static func rules(in text: String) -> [String] {
        ConfigurationLines(text).prefix(100).map { $0.joined(separator: " ") }
    }
}

extension Sequence {
    fileprivate func last(where isMatch: (Element) -> Bool) -> Element? {
        var found: Element?
        for element in self where isMatch(element) { found = element }
        return found
    }
}
