import MemoryModel
import Testing

@Suite struct `Timestamps` {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00.000Z", 0), ("2026-02-08", 1_770_508_800_000), ("2026-02-08T10:11", 1_770_545_460_000),
            ("2026-02-08T10:11:12Z", 1_770_545_472_000), ("2026-02-08T10:11:12.345Z", 1_770_545_472_345),
            ("2026-02-08t10:11:12.3z", 1_770_545_472_300), ("2026-02-08 10:11:12,345678", 1_770_545_472_345),
            ("2026-02-08T12:11:12+02:00", 1_770_545_472_000), ("2026-02-08T04:41:12-0530", 1_770_545_472_000),
            ("2024-02-29", 1_709_164_800_000), ("2016-12-31T23:59:60Z", 1_483_228_799_000), ("1969-12-31T23:59:59.999Z", -1),
            ("0001-01-01", -62_135_596_800_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ] as [(String, Int64)])
    func `a date and time is read`(text: String, milliseconds: Int64) {
        #expect(Timestamp(text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026", "2026-2-8", "2026-02-30", "2025-02-29", "1900-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-02-08T",
        "2026-02-08T24:00", "2026-02-08T10:60", "2026-02-08T10:11:61", "2026-02-08T10:11:12.", "2026-02-08T10:11:12X",
        "2026-02-08T10:11:12+2", "2026-02-08T10:11:12Zx", "+026-02-08", "२०२६-०२-०८", "2026-02-08T10:11:12.0000000000000000000000000000Z",
    ])
    func `what is none is refused`(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(arguments: [0, 1, -1, 1_770_545_472_345, 951_782_400_000, -62_135_596_800_000, 253_402_300_799_999] as [Int64])
    func `what is written reads back the same`(milliseconds: Int64) {
        let text = Timestamp(milliseconds: milliseconds).description
        #expect(text.utf8.count == 24)
        #expect(Timestamp(text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [(.min, "-292275055-05-16T16:47:04.192Z"), (.max, "292278994-08-17T07:12:55.807Z")] as [(Int64, String)])
    func `any number is written as some time`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
    }

    @Test func `it is written with milliseconds in UTC`() {
        #expect(Timestamp(milliseconds: 1_770_545_472_005).description == "2026-02-08T10:11:12.005Z")
    }
}
