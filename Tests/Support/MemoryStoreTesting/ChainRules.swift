import MemoryModel
import MemoryStore

extension StoreRule {
    private static func parents(_ ids: [String], _ store: any MemoryStore) async throws -> [String?] {
        var result: [String?] = []
        for id in ids { result.append(try require(try await store.message(id: id, textLimit: nil), id).parent) }
        return result
    }

    static let chain = [
        StoreRule("a parent is the nearest message, over records that are none") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            script.message("m1", "one", in: .start("c"))
            script.known("p1", parent: "m1")
            script.known("p2", parent: "p1")
            script.message("m2", "two", parent: "p2", in: .start("c"))
            script.message("m3", "three", parent: "m2", in: .start("c"))
            _ = try await store.capture(script.batch())
            try expect(try await parents(["m1", "m2", "m3"], store), [nil, "m1", "m2"], "the parents")
        },
        StoreRule("a parent that arrives later is found, message or not") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            script.message("m3", "three", parent: "p2", in: .start("c"))
            _ = try await store.capture(script.batch())
            try expect(try await parents(["m3"], store), [nil], "before")
            script.known("p2", parent: "p1")
            _ = try await store.capture(script.batch())
            try expect(try await parents(["m3"], store), [nil], "half way")
            script.known("p1", parent: "m1")
            script.message("m1", "one", in: .start("c"))
            _ = try await store.capture(script.batch())
            try expect(try await parents(["m3", "m1"], store), ["m1", nil], "after")
        },
        StoreRule("a parent in another file is found") { open in
            let store = try await open()
            var fork = TranscriptScript("/t/fork.jsonl")
            fork.message("m2", "two", parent: "m1", in: .start("fork"))
            _ = try await store.capture(fork.batch())
            var first = TranscriptScript("/t/first.jsonl")
            first.message("m1", "one", in: .start("first"))
            _ = try await store.capture(first.batch())
            try expect(try await parents(["m2"], store), ["m1"], "the parent")
        },
        StoreRule("a cycle of parents does no harm") { open in
            let store = try await open()
            var script = TranscriptScript("/t/a.jsonl")
            script.message("self", "self", parent: "self", in: .start("c"))
            script.message("a", "a", parent: "b", in: .start("c"))
            script.message("b", "b", parent: "a", in: .start("c"))
            script.message("m", "m", parent: "x", in: .start("c"))
            script.known("x", parent: "y")
            script.known("y", parent: "z")
            script.known("z", parent: "x")
            script.known("w", parent: "m")
            script.message("n", "n", parent: "o", in: .start("c"))
            script.known("o", parent: "n")
            let counts = try await store.capture(script.batch())
            try expect(counts.lines, 10, "lines")
            try expect(try await parents(["self", "m", "n"], store), [nil, nil, nil], "the parents")
            script.message("late", "late", parent: "z", in: .start("c"))
            _ = try await store.capture(script.batch())
            try expect(try await parents(["late"], store), [nil], "the parent of one that hangs from the cycle")
        },
    ]
}
