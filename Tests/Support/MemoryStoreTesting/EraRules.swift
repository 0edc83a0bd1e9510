import MemoryModel
import MemoryStore

extension StoreRule {
    static let eras = [
        StoreRule("a new store is in its first era") { open in
            let store = try await open()
            try expect(try await store.eras(), [Era(name: "Era 1", start: .distantPast, end: nil)], "the eras")
        },
        StoreRule("an era begins, and the one before it ends") { open in
            let store = try await open()
            let begun = try await store.startEra("Harbour days", at: minuteOfDay(10))
            try expect(begun, Era(name: "Harbour days", start: minuteOfDay(10), end: nil), "the era")
            try expect(
                try await open().eras(), [Era(name: "Era 1", start: .distantPast, end: minuteOfDay(10)), begun], "the eras, opened again")
            try await expectFailure(.invalid, "an era before the current one") { try await store.startEra("Past", at: minuteOfDay(9)) }
            try await expectFailure(.invalid, "an era at the same instant") { try await store.startEra("Twin", at: minuteOfDay(10)) }
            try await expectFailure(.invalid, "a taken name") { try await store.startEra("HARBOUR DAYS", at: minuteOfDay(11)) }
        },
        StoreRule("an era's name is one line of 1 to 200 bytes") { open in
            let store = try await open()
            for name in ["", "  ", "two\nlines", String(repeating: "é", count: 101)] {
                try await expectFailure(.invalid, "the name \(name)") { try await store.startEra(name, at: minuteOfDay(1)) }
            }
            _ = try await store.startEra(String(repeating: "é", count: 100), at: minuteOfDay(1))
        },
        StoreRule("an era is renamed, to a name that is free") { open in
            let store = try await open()
            _ = try await store.startEra("Second", at: minuteOfDay(1))
            let renamed = try await store.renameEra("era 1", to: "Beginnings")
            try expect(renamed, Era(name: "Beginnings", start: .distantPast, end: minuteOfDay(1)), "the era")
            _ = try await store.renameEra("Second", to: "SECOND")
            try expect(try await store.eras().map(\.name), ["Beginnings", "SECOND"], "the names")
            try await expectFailure(.invalid, "an unknown era") { try await store.renameEra("Third", to: "Fourth") }
            try await expectFailure(.invalid, "a taken name") { try await store.renameEra("SECOND", to: "beginnings") }
        },
        StoreRule("an era's figures count its messages by their own time") { open in
            let store = try await open()
            try expect(try await store.statistics(from: .distantPast, until: nil), EraStatistics(), "an empty store")
            try await fill(store)
            let early = try await store.statistics(from: .distantPast, until: minuteOfDay(12))
            try expect(early.messages, 3, "messages")
            try expect(early.conversations, 2, "conversations")
            try expect(early.windows, 2, "windows")
            try expect(early.projects, ["/home/ana/src/atlas", "/srv/atlas/"], "projects")
            try expect(early.first, minuteOfDay(5), "the first")
            try expect(early.last, minuteOfDay(11), "the last")
            try expect(try await store.statistics(from: minuteOfDay(12), until: nil).messages, 3, "messages since")
        },
    ]

    static let sessions = [
        StoreRule("a session's record is saved, changed, and removed once it has expired") { open in
            let store = try await open()
            try expect(try await store.sessionRecord("s1"), nil, "an unknown session")
            _ = try await store.updateSessionRecord("s1", expires: minuteOfDay(5)) { $0.logLevel = "debug" }
            _ = try await store.updateSessionRecord("s2", expires: minuteOfDay(9)) { _ in }
            try expect(
                try await open().sessionRecord("s1"), SessionRecordRow(id: "s1", expires: minuteOfDay(5), logLevel: "debug"), "the record")
            _ = try await store.updateSessionRecord("s1", expires: minuteOfDay(6)) { record in
                record.expires = minuteOfDay(6)
                record.hasEnded = true
                record.logLevel = nil
            }
            try expect(try await store.sessionRecord("s1"), SessionRecordRow(id: "s1", expires: minuteOfDay(6), hasEnded: true), "the change")
            try await store.removeSessionRecords(expiredBefore: minuteOfDay(9))
            try expect(try await store.sessionRecord("s1"), nil, "the expired one")
            try expect(try await store.sessionRecord("s2")?.hasEnded, false, "the other one")
        }
    ]
}
