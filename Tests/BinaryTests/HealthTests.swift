import BinaryTesting
import JSON
import Testing

/// docs/health.md, against the real server.
@Suite("The server's own state", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct HealthTests {
    private static let token = "a-token-of-twenty-six-bytes"

    @Test("Health tells everybody who may read what the server listens on, holds and did")
    func details() async throws {
        try await Scratch.with { scratch in
            try scratch.write(Transcript.zoo.text, to: "home/.claude/projects/-home-dev-zoo/\(Transcript.session).jsonl")
            try await Magenta.serving([], in: scratch) { server in
                let health = try await eventually(within: .seconds(20), "everything to be read") { () -> JSONValue? in
                    let value = try await exchange(HTTPCall("GET", "/health"), "127.0.0.1", server.port).message()
                    let isRead = value["import"]?["running"]?.bool == false && value["store"]?["capturing"]?.bool == true
                    // Not `nil` alone, which is a JSON value too.
                    return isRead ? value : Optional.none
                }
                let listeners = try #require(health["listeners"]?.array)
                let port = JSONValue.integer(Int64(server.port))
                #expect(listeners.first == ["family": "ipv4", "address": "127.0.0.1", "port": port, "v6only": false])
                if Components.hasIPv6Loopback {
                    #expect(listeners.last == ["family": "ipv6", "address": "::1", "port": port, "v6only": true])
                    #expect(health["families"] == ["ipv4": "reachable", "ipv6": "reachable"] && health["status"]?.string == "ok")
                }
                #expect(health["store"]?["kind"]?.string == "sqlite" && health["store"]?["file"]?.string == "memory.sqlite")
                #expect(health["store"]?["messages"]?.integer ?? 0 > 0 && health["store"]?["conversations"]?.integer == 1)
                #expect(health["store"]?["schema"]?.integer ?? 0 >= 3)
                let pass = try #require(health["import"])
                #expect(pass["lines"]?.integer == Int64(Transcript.zoo.text.split(separator: "\n").count))
                #expect(pass["stored"]?.integer ?? 0 > 0 && pass["refused"]?.integer == 0 && pass["lag"]?.double ?? 0 > 0)
                #expect(health["uptime"]?.double ?? 0 > 0 && health["requests"]?["inFlight"]?.integer == 1)
            }
        }
    }

    @Test("Without a token health has four members, and metrics are refused")
    func anonymous() async throws {
        try await withZoo { scratch, store in
            let file = try scratch.write(Self.token, to: "token")
            try await Magenta.serving(["--store", store, "--no-watch", "--token-file", file], in: scratch) { server in
                let names = try await exchange(HTTPCall("GET", "/health"), "127.0.0.1", server.port).message().object?.keys
                #expect(names?.sorted() == ["families", "name", "status", "version"])
                #expect(try await exchange(HTTPCall("GET", "/metrics"), "127.0.0.1", server.port).status == 401)
                let authorization = [("Authorization", "Bearer \(Self.token)")]
                let trusted = try await exchange(HTTPCall("GET", "/health", headers: authorization), "127.0.0.1", server.port).message()
                #expect(trusted["store"] != nil && trusted["import"]?.isNull == true)
                #expect(try await exchange(HTTPCall("GET", "/metrics", headers: authorization), "127.0.0.1", server.port).status == 200)
                // A wrong token is no reason to tell a health check that the server is ill.
                let wrong = try await exchange(
                    HTTPCall("GET", "/health", headers: [("Authorization", "Bearer wrong-wrong-wrong-wrong")]), "127.0.0.1", server.port)
                #expect(try wrong.status == 200 && wrong.message()["store"] == nil)
            }
        }
    }

    @Test("The buffering test sends an event at once and another after a second")
    func buffering() async throws {
        try await withZoo { scratch, store in
            try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { server in
                let (first, second) = try await within(.seconds(20), "two events") {
                    let start = ContinuousClock.now
                    return try await EventStream.with("127.0.0.1", server.port, "/health/stream") { stream in
                        #expect(stream.head["x-accel-buffering"] == "no" && stream.head["cache-control"] == "no-cache, no-transform")
                        _ = try #require(try await stream.next())
                        let first = start.duration(to: .now)
                        _ = try #require(try await stream.next())
                        let second = start.duration(to: .now)
                        #expect(try await stream.next() == nil)
                        return (first, second)
                    }
                }
                #expect(second - first > .milliseconds(900) && second >= .seconds(1))
            }
        }
    }

    @Test("Metrics are what a strict reader of the text format takes, and count what happened")
    func metrics() async throws {
        try await Scratch.with { scratch in
            try scratch.write(Transcript.zoo.text, to: "home/.claude/projects/-home-dev-zoo/\(Transcript.session).jsonl")
            try await Magenta.serving([], in: scratch) { server in
                _ = try await eventually(within: .seconds(20), "the zebra to be found") {
                    let answer = try await exchange(ClaudeCodeRecording.modernCall("/mcp"), "127.0.0.1", server.port).message()
                    return answer["result"]?["structuredContent"]?.messageIDs == Zoo.found ? true : nil
                }
                var foreign = HTTPCall("GET", "/health")
                foreign.headers = [("Host", "evil.example")]
                _ = try await exchange(foreign, "127.0.0.1", server.port)
                let answer = try await exchange(HTTPCall("GET", "/metrics"), "127.0.0.1", server.port)
                #expect(answer.head["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
                let page = try MetricsPage(answer.text)
                #expect(page.values["magenta_tool_calls_total{outcome=\"answered\",tool=\"search_messages\"}"] ?? 0 >= 1)
                #expect(page.values["magenta_http_refusals_total{reason=\"host\"}"] == 1)
                #expect(page.values["magenta_http_refusals_total{reason=\"origin\"}"] == 0)
                #expect(page.values["magenta_import_lines_total{outcome=\"stored\"}"] ?? 0 > 0)
                #expect(page.values["magenta_capture_failures_total{side=\"store\"}"] == 0)
                #expect(page.values["magenta_http_request_duration_seconds_count{route=\"/mcp\",status=\"2xx\"}"] ?? 0 >= 1)
                #expect(page.values["magenta_http_requests_in_flight"] == 1 && page.values["magenta_http_connections_open"] ?? 0 >= 1)
                #expect(page.values["magenta_http_streams_open"] == 0 && page.values["magenta_uptime_seconds"] ?? 0 > 0)
                #if os(Linux)
                    #expect(page.values["process_resident_memory_bytes"] ?? 0 > 1_000_000)
                #endif
            }
        }
    }

    @Test("A request line with a whole URL is served, by the URL's host", arguments: Loopback.all)
    func absoluteForm(loopback: Loopback) async throws {
        try await withZoo { scratch, store in
            try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { server in
                let health = try await exchange(HTTPCall("GET", "http://mcp-server:8000/health"), loopback.rawValue, server.port)
                #expect(try health.status == 200 && health.message()["name"]?.string == "magenta-memory")
                let call = ClaudeCodeRecording.modernCall("http://mcp-server:8000/mcp")
                let answer = try await exchange(call, loopback.rawValue, server.port)
                #expect(try answer.status == 200 && answer.message()["result"]?["structuredContent"]?.messageIDs == Zoo.found)
                let foreign = try await exchange(HTTPCall("GET", "http://evil.example/health"), loopback.rawValue, server.port)
                #expect(foreign.status == 421 && foreign.text.contains("--allow-host evil.example"))
            }
        }
    }
}

/// Reads the text format, version 0.0.4, and takes nothing that it does not allow: every sample belongs to a family that HELP and TYPE
/// announced just before, no series stands twice, buckets rise up to `+Inf`, which is the count.
struct MetricsPage {
    private(set) var values: [String: Double] = [:]
    private var types: [String: String] = [:]

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw TestFailure("the last line has no end") }
        var family = ""
        var help = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if let match = line.wholeMatch(of: /# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (?:[^\\]|\\\\|\\n)+/) {
                help = String(match.1)
            } else if let match = line.wholeMatch(of: /# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)/) {
                family = String(match.1)
                guard family == help, types[family] == nil else { throw TestFailure("TYPE of \(family) out of place") }
                types[family] = String(match.2)
            } else {
                try sample(line, of: family)
            }
        }
        try checkHistograms()
    }

    private mutating func sample(_ line: Substring, of family: String) throws {
        let label = /[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\\\|\\"|\\n)*"/
        guard let match = line.wholeMatch(of: /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)/) else { throw TestFailure("no sample: \(line)") }
        let suffixes = types[family] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard suffixes.contains(where: { match.1 == family + $0 }) else { throw TestFailure("\(line) is not of \(family)") }
        if let labels = match.2 {
            var rest = labels[...]
            while !rest.isEmpty {
                guard let one = rest.prefixMatch(of: label) else { throw TestFailure("no label: \(rest)") }
                rest = rest[one.range.upperBound...]
                if rest.first == "," { rest.removeFirst() }
            }
        }
        let value: Double? = match.3 == "+Inf" ? .infinity : match.3 == "NaN" ? .nan : Double(match.3)
        let series = String(line.dropLast(match.3.count + 1))
        guard let value, values.updateValue(value, forKey: series) == nil else { throw TestFailure("\(line) is no number or stands twice") }
        if types[family] == "counter", !match.1.hasSuffix("_total") { throw TestFailure("\(family) is a counter without _total") }
    }

    private func checkHistograms() throws {
        for (series, count) in values where series.contains("_count{") {
            let inside = series.replacing("_count{", with: "_bucket{").dropLast()
            let buckets = values.filter { $0.key.hasPrefix(inside + ",le=\"") }.sorted { $0.value < $1.value }
            guard buckets.last?.value == count, values[inside + ",le=\"+Inf\"}"] == count else { throw TestFailure("buckets of \(series)") }
        }
    }
}
