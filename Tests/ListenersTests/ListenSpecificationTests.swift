import Listeners
import Testing

@Suite struct `Listen specification` {
    @Test(arguments: [
        ("localhost", ListenSpecification.localhost(port: 8000)),
        ("LocalHost:9000", .localhost(port: 9000)),
        ("all", .all(port: 8000)),
        ("*:0", .all(port: 0)),
        ("127.0.0.1", .literal(.loopback4, port: 8000)),
        ("127.0.0.1:0", .literal(.loopback4, port: 0)),
        ("::1", .literal(.loopback6, port: 8000)),
        ("[::1]", .literal(.loopback6, port: 8000)),
        ("[::1]:65535", .literal(.loopback6, port: 65535)),
        ("::", .literal(.any6, port: 8000)),
        ("unix:/run/x.sock", .unix(path: "/run/x.sock")),
        ("fd:3", .descriptor(3)),
    ])
    func `reads what the manual shows`(text: String, expected: ListenSpecification) throws {
        #expect(try ListenSpecification.parse(text) == expected)
    }

    @Test(arguments: ["localhost:8000", "all:0", "10.1.2.3:80", "[fd77::1]:8000", "unix:/a b", "fd:7"])
    func `is written as it is read`(text: String) throws {
        #expect(try ListenSpecification.parse(text).description == text)
    }

    @Test(arguments: [
        ("example.com", "names are not resolved; write localhost, all, an IP address, unix:PATH or fd:N"),
        ("example.com:80", "names are not resolved; write localhost, all, an IP address, unix:PATH or fd:N"),
        ("", "names are not resolved; write localhost, all, an IP address, unix:PATH or fd:N"),
        ("8000", "a port alone does not say where; write localhost:8000 or all:8000"),
        ("localhost:", "the port must be a number from 0 to 65535"),
        ("localhost:65536", "the port must be a number from 0 to 65535"),
        ("127.0.0.1:+1", "the port must be a number from 0 to 65535"),
        ("[::1]8000", "the port must be a number from 0 to 65535"),
        ("[::1", "the closing ] is missing, as in [::1]:8000"),
        ("[127.0.0.1]:1", "an IPv6 address without a zone must stand in the brackets, as in [::1]:8000"),
        ("[fe80::1%eth0]:1", "an IPv6 address without a zone must stand in the brackets, as in [::1]:8000"),
        ("fe80:::1", "it is not an IPv6 address; with a port, put the address in brackets, as in [::1]:8000"),
        ("unix:", "a path must follow unix:, as in unix:/run/server.sock"),
        ("fd:2", "a descriptor number of 3 or more must follow fd:, as in fd:3"),
        ("fd:x", "a descriptor number of 3 or more must follow fd:, as in fd:3"),
    ])
    func `refuses anything else with the fix`(text: String, reason: String) {
        #expect(throws: ListenSpecificationError(text: text, reason: reason)) { try ListenSpecification.parse(text) }
    }

    @Test func `refuses a path that no socket can have`() {
        let path = String(repeating: "x", count: 104)
        #expect(throws: ListenSpecificationError.self) { try ListenSpecification.parse("unix:\(path)") }
        #expect(throws: Never.self) { try ListenSpecification.parse("unix:\(path.dropLast())") }
    }

    @Test func `shows a hostile text on one bounded line`() {
        let text = "a\n\"b" + String(repeating: "c", count: 500)
        let shown = ListenSpecificationError(text: text, reason: "r").description
        #expect(!shown.contains("\n") && shown.utf8.count < 200)
    }
}

@Suite struct `Sockets that a service manager passes on` {
    @Test func `are counted from descriptor 3`() throws {
        let found = try InheritedSockets.specifications(environment: ["LISTEN_FDS": "2", "LISTEN_PID": "77"], processID: 77)
        #expect(found == [.descriptor(3), .descriptor(4)])
    }

    @Test func `are none where they are meant for another process`() throws {
        #expect(try InheritedSockets.specifications(environment: ["LISTEN_FDS": "2", "LISTEN_PID": "78"], processID: 77).isEmpty)
        #expect(try InheritedSockets.specifications(environment: [:], processID: 77).isEmpty)
    }

    @Test(arguments: [["LISTEN_FDS": "x"], ["LISTEN_FDS": "-1"], ["LISTEN_FDS": "1000"], ["LISTEN_FDS": "1", "LISTEN_PID": "me"]])
    func `are refused where the numbers make no sense`(environment: [String: String]) {
        #expect(throws: ListenError.self) { try InheritedSockets.specifications(environment: environment, processID: 77) }
    }
}
