import BinaryTesting
import Testing

/// What is printed and what is written down are one.
@Suite("The reference documents", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct ReferenceTests {
    @Test("docs/settings.md is what `magenta settings` prints")
    func settings() async throws {
        try await Scratch.with { scratch in
            let printed = try await Magenta.run(["settings"], in: scratch)
            #expect(text(of: "settings.md") == printed, "magenta settings > docs/settings.md")
        }
    }

    @Test("docs/doctor.md has the table that `magenta doctor --checks` prints")
    func checks() async throws {
        try await Scratch.with { scratch in
            let printed = try await Magenta.run(["doctor", "--checks"], in: scratch)
            #expect(text(of: "doctor.md").contains("<!-- magenta doctor --checks -->\n\(printed)<!-- end of checks -->"))
        }
    }

    private func text(of document: String) -> String {
        String(decoding: Scratch.bytes(at: "\(Components.package)/docs/\(document)"), as: UTF8.self)
    }
}
