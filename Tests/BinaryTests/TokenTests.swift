import BinaryTesting
import JSON
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite("magenta token", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct TokenTests {
    /// The printed token alone, since talk goes to stderr.
    private func create(_ name: String, _ more: [String] = [], in store: String, _ scratch: Scratch) async throws -> String {
        let text = try await Magenta.run(["token", "create", name, "--store", store] + more, in: scratch)
        #expect(text.hasPrefix("mgt_") && text.hasSuffix("\n") && text.utf8.count == 48)
        return String(text.dropLast())
    }

    private func call(_ port: Int, _ token: String? = nil, _ host: String = "127.0.0.1") async throws -> HTTPAnswer {
        var call = ClaudeCodeRecording.modernCall("/mcp")
        if let token { call.headers.append(("Authorization", "Bearer \(token)")) }
        return try await exchange(call, host, port)
    }

    private func expect(_ status: Int, _ port: Int, _ token: String? = nil, at place: SourceLocation = #_sourceLocation) async throws {
        let answer = try await call(port, token)
        #expect(answer.status == status, "\(answer.text)", sourceLocation: place)
    }

    /// Waits until a running server has heard of a change, which takes it a second at most.
    private func becomes(_ status: Int, _ what: String, _ port: Int, _ token: String? = nil) async throws -> HTTPAnswer {
        try await eventually(within: .seconds(10), what) {
            let answer = try await call(port, token)
            return answer.status == status ? answer : nil
        }
    }

    @Test("A running server asks for a token once there is one, takes each until it is revoked, and never opens again")
    func revocation() async throws {
        try await withZoo { scratch, store in
            try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { server in
                try await expect(200, server.port)
                let laptop = try await create("laptop", in: store, scratch)
                let refused = try await becomes(401, "the open server to ask for a token", server.port)
                #expect(refused.head["www-authenticate"] == "Bearer")
                #expect(refused.text.contains("magenta token create"))
                for host in Loopback.all {
                    let answer = try await call(server.port, laptop, host.rawValue)
                    try expectZebra(try answer.message(), id: 3)
                }
                #expect(try await call(server.port, String(laptop.dropLast()) + "_").status == 401)

                let desktop = try await create("desktop", ["--scope", "admin"], in: store, scratch)
                _ = try await becomes(200, "the second token to be taken", server.port, desktop)
                _ = try await Magenta.run(["token", "revoke", "LAPTOP", "--store", store], in: scratch)
                let revoked = try await becomes(401, "the revoked token to be refused", server.port, laptop)
                #expect(revoked.head["www-authenticate"]?.contains(#"error="invalid_token""#) == true)
                #expect(revoked.text.contains("revoked") && !revoked.text.contains(laptop))
                try await expect(200, server.port, desktop)

                // A container's health check has no token.
                _ = try await Magenta.json(["health", "--listen", "localhost:\(server.port)"], in: scratch, within: .seconds(10))
                _ = try await Magenta.run(["token", "revoke", "desktop", "--store", store], in: scratch)
                _ = try await becomes(401, "the other to be refused too", server.port, desktop)
                try await expect(401, server.port)

                let again = try await create("laptop", in: store, scratch)
                _ = try await becomes(200, "a new token under the old name", server.port, again)
                try await expect(401, server.port, laptop)
            }
        }
    }

    @Test("A token is taken until it expires")
    func expiry() async throws {
        try await withZoo { scratch, store in
            _ = try await create("keeper", ["--expires", "never"], in: store, scratch)
            try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { server in
                let long = try await create("long", ["--expires", "90d", "--scope", "write"], in: store, scratch)
                _ = try await becomes(200, "the long one to be taken", server.port, long)
                let short = try await create("short", ["--expires", "1s"], in: store, scratch)
                let expired = try await eventually(within: .seconds(10), "the short one to expire") {
                    let answer = try await call(server.port, short)
                    return answer.text.contains("expired") ? answer : nil
                }
                #expect(expired.status == 401)
                try await expect(200, server.port, long)
            }
            let listed = try await Magenta.json(["token", "list", "--store", store], in: scratch)["tokens"]?.array ?? []
            #expect(listed.map { $0["name"]?.string } == ["keeper", "long", "short"])
            #expect(listed.map { $0["live"] } == [true, true, false])
            #expect(listed.map { $0["scopes"] } == [["read"], ["write"], ["read"]])
            #expect(listed.map { $0["expires"] != nil } == [false, true, true])
        }
    }

    @Test("Beyond loopback serve starts with a stored token; --no-auth and tokens exclude each other")
    func beyondLoopback() async throws {
        try await withZoo { scratch, store in
            let serve = ["--store", store, "--no-watch", "--listen", "0.0.0.0:0"]
            func refusal(_ arguments: [String]) async throws -> String {
                let process = try Magenta.start(["serve"] + arguments, in: scratch)
                #expect(try await process.exit() == .code(64))
                return process.errorText
            }
            #expect(try await refusal(serve).contains("magenta token create NAME"))
            let token = try await create("laptop", in: store, scratch)
            try await Magenta.serving(serve, in: scratch) { server in
                try await expect(401, server.port)
                try await expect(200, server.port, token)
            }
            #expect(try await refusal(serve + ["--no-auth"]).contains("leave out --no-auth"))
            let file = try scratch.write("0123456789abcdef-file\n", to: "token")
            try await Magenta.serving(serve + ["--token-file", file], in: scratch) { server in
                try await expect(401, server.port)
                try await expect(200, server.port, token)
                try await expect(200, server.port, "0123456789abcdef-file")
            }
            _ = try await Magenta.run(["token", "revoke", "laptop", "--store", store], in: scratch)
            #expect(try await refusal(serve).contains("magenta token create NAME"))
            try await Magenta.serving(serve + ["--no-auth"], in: scratch) { server in
                try await expect(200, server.port)
            }
        }
    }

    @Test(
        "What cannot be made is wrong usage, with the fix, and leaves no token behind",
        arguments: [
            (["--scope", "root"], "read, write"), (["--expires", "soon"], "90d"), (["--expires", "0d"], "90d"), (["--expires", "-1d"], "90d"),
            (["--expires", "99999w"], "90d"), (["--expires", "5"], "90d"), (["--expires", ""], "90d"),
        ])
    func usage(arguments: [String], fix: String) async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory.sqlite")
            let options = arguments[0] + "=" + arguments[1]
            let process = try Magenta.start(["token", "create", "laptop", options, "--store", store], in: scratch)
            #expect(try await process.exit() == .code(64))
            #expect(process.errorText.contains(fix) && process.outputText.isEmpty, "\(process.errorText)")
            #expect(!Scratch.isFile(store))
        }
    }

    @Test("A name is plain, and free")
    func names() async throws {
        try await withZoo { scratch, store in
            for name in ["two words", "a/b", "default", "é", String(repeating: "x", count: 65)] {
                let process = try Magenta.start(["token", "create", name, "--store", store], in: scratch)
                #expect(try await process.exit() == .code(64), "\(name)")
                #expect(process.errorText.contains("such as laptop"))
            }
            _ = try await create("laptop", in: store, scratch)
            let taken = try Magenta.start(["token", "create", "Laptop", "--store", store], in: scratch)
            #expect(try await taken.exit() == .code(1))
            #expect(taken.errorText.contains("magenta token revoke laptop") && taken.outputText.isEmpty)
            let unknown = try Magenta.start(["token", "revoke", "desktop", "--store", store], in: scratch)
            #expect(try await unknown.exit() == .code(1))
            #expect(unknown.errorText.contains("magenta token list"))
        }
    }

    @Test("A token goes into a new file that its owner alone may read, never over one that is there")
    func output() async throws {
        try await withZoo { scratch, store in
            let file = scratch.path("laptop.token")
            let made = try await Magenta.run(["token", "create", "laptop", "--output", file, "--store", store], in: scratch)
            #expect(made.isEmpty)
            var status = stat()
            #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)
            let token = String(decoding: Scratch.bytes(at: file), as: UTF8.self)
            #expect(token.hasPrefix("mgt_") && token.utf8.count == 48)

            let second = try Magenta.start(["token", "create", "desktop", "--output", file, "--store", store], in: scratch)
            #expect(try await second.exit() == .code(64))
            #expect(second.errorText.contains("name another"))
            #expect(String(decoding: Scratch.bytes(at: file), as: UTF8.self) == token)
            // A taken name leaves no file behind.
            let other = scratch.path("other.token")
            _ = try await Magenta.run(["token", "create", "laptop", "--output", other, "--store", store], in: scratch, exits: 1)
            #expect(!Scratch.isFile(other))
            let listed = try await Magenta.json(["token", "list", "--store", store], in: scratch)
            #expect(listed["tokens"]?.array?.map { $0["name"]?.string } == ["laptop"])

            let shown = try await Magenta.json(["token", "create", "third", "--scope", "write", "--scope", "read", "--store", store], in: scratch)
            #expect(shown["token"]?.string?.hasPrefix("mgt_") == true && shown["scopes"] == ["read", "write"])
            let written = try await Magenta.json(["token", "create", "fourth", "--output", other, "--store", store], in: scratch)
            #expect(written["token"] == nil && written["output"]?.string == other)
        }
    }

    @Test("Neither the store's files nor a log at trace level hold anything of a token")
    func secrecy() async throws {
        try await withZoo { scratch, store in
            let log = try await Magenta.serving(["--store", store, "--no-watch", "--log-level", "trace"], in: scratch) { server in
                let token = try await create("laptop", in: store, scratch)
                _ = try await becomes(401, "the server to ask for a token", server.port)
                try await expect(200, server.port, token)
                _ = try await Magenta.run(["token", "revoke", "laptop", "--store", store], in: scratch)
                _ = try await becomes(401, "the token to be refused", server.port, token)
                let secret = Array(token.utf8.dropFirst(4).prefix(20))
                let files = try Scratch.files(in: scratch.root).filter { $0.hasPrefix(store) }
                #expect(files.count >= 3, "\(files)")
                for file in files { #expect(Scratch.bytes(at: file).firstRange(of: secret) == nil, "\(file)") }
                let log = server.process.errorText
                #expect(Array(log.utf8).firstRange(of: secret) == nil)
                return log
            }
            #expect(log.contains("POST /mcp 200") && log.contains("POST /mcp 401"), "the log is at trace level")
        }
    }

    @Test("Over stdio nobody is asked for a token")
    func stdio() async throws {
        try await withZoo { scratch, store in
            _ = try await create("laptop", in: store, scratch)
            let process = try Magenta.start(["stdio", "--store", store, "--no-watch"], in: scratch, hasInput: true)
            let call =
                #"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"search_messages","arguments":{"query":"zebra","limit":3}}}"#
            let initialize =
                #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}"#
            try await process.write(Array("\(initialize)\n\(call)\n".utf8))
            process.closeInput()
            #expect(try await process.exit(within: .seconds(20)) == .code(0))
            let answers = try process.outputText.split(separator: "\n").map { try JSONReader().read(String($0)) }
            try expectZebra(try #require(answers.first { $0["id"] == 2 }), id: 2)
        }
    }

    @Test("The doctor takes a stored token from a file, and says where one is wanted")
    func doctor() async throws {
        try await withZoo { scratch, store in
            let file = scratch.path("laptop.token")
            _ = try await Magenta.run(["token", "create", "laptop", "--output", file, "--store", store], in: scratch)
            try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { server in
                let url = "http://localhost:\(server.port)/mcp"
                _ = try await Magenta.run(["doctor", url, "--token-file", file, "--store", store], in: scratch)
                let refused = try await Magenta.run(["doctor", url, "--store", store], in: scratch, exits: 3)
                #expect(refused.contains("token"), "\(refused)")
            }
        }
    }
}
