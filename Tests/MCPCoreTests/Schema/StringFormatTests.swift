import Testing

@testable import MCPCore

@Suite struct `String formats` {
    static let cases: [(StringFormat, good: [String], bad: [String])] = [
        (
            .email, ["a@example.com", "a.b+c@x-y.example", "!#$%@localhost", "a@[192.0.2.1]", "a@[IPv6:::1]"],
            [
                "", "a", "@example.com", "a@", ".a@example.com", "a.@example.com", "a..b@example.com", "a b@example.com", "a@-x.com",
                "a@x..com", "a@[1.2.3]", String(repeating: "a", count: 65) + "@example.com",
            ]
        ),
        (
            .uri,
            [
                "https://example.com/", "urn:isbn:1", "mailto:a@example.com", "http://u:p@[2001:db8::1]:80/a?b=c#d", "x:", "file:///a%20b",
                "http://host:/",
            ],
            [
                "", "example.com", "/a", "//a/b", "1x:a", ":a", "http://a b", "http://[::g]/", "http://a:b/", "x:%zz", "x:a#b#c", "x:[",
                "http://a\\b", "http://\u{E9}/",
            ]
        ),
        (
            .date, ["2026-02-08", "2024-02-29", "2000-02-29"],
            [
                "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-01", "2026-04-31", "2026-01-00", "2026-1-1", "26-01-01", "2026-01-01 ",
                "-2026-01-01",
            ]
        ),
        (
            .dateTime,
            [
                "2026-02-08T10:30:00Z", "2026-02-08t10:30:00.125z", "2026-02-08T10:30:00+05:30", "2016-12-31T23:59:60Z",
                "2017-01-01T00:59:60+01:00",
            ],
            [
                "2026-02-08", "2026-02-08T10:30:00", "2026-02-08 10:30:00Z", "2026-02-08T24:00:00Z", "2026-02-08T10:60:00Z",
                "2026-02-08T10:30:61Z", "2026-02-08T10:30:60Z", "2026-02-08T10:30:00.Z", "2026-02-08T10:30:00+0530", "2026-02-08T10:30:00+24:00",
                "2026-02-08T10:30:00Zx", "2026-02-30T10:30:00Z",
            ]
        ),
        (.ipv4, ["0.0.0.0", "255.255.255.255"], ["", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.x", "1..2.3", "1.2.3.4/8"]),
        (
            .ipv6, ["::", "::1", "1::", "2001:db8::1", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7::"],
            [
                "", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "::1%eth0", "1.2.3.4::", "::1.2.3",
                "1:2:3:4::5:6:7:8",
            ]
        ),
        (
            .uuid, ["123e4567-e89b-12d3-a456-426614174000", "00000000-0000-0000-0000-000000000000", "ABCDEFAB-CDEF-ABCD-EFAB-CDEFABCDEFAB"],
            [
                "", "123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400", "123e4567-e89b-12d3-a456_426614174000",
                "{123e4567-e89b-12d3-a456-4266141740}",
            ]
        ),
    ]

    @Test(arguments: cases) func `a format accepts what its specification does`(format: StringFormat, good: [String], bad: [String]) {
        for text in good { #expect(format.accepts(text), "\(text)") }
        for text in bad { #expect(!format.accepts(text), "\(text)") }
    }

    @Test func `every format is tested, and its example fits it`() {
        #expect(Self.cases.map(\.0) == StringFormat.allCases)
        for format in StringFormat.allCases {
            let example = format.phrase.split(separator: " ").last.map(String.init) ?? ""
            #expect(format.accepts(example), "\(format.phrase)")
        }
    }
}
