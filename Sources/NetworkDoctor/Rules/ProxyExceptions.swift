struct ProxyExceptions { init(_ items: [String]) {}; func cover(host: String, port: UInt16) -> Bool { false } }
