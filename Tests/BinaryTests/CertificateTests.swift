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

@Suite(
    "A certificate that is replaced under magenta serve",
    .enabled(if: Components.magenta != nil && Components.python != nil && Components.openssl != nil, "no magenta binary, no python3 or no openssl"))
struct CertificateTests {
    /// Keeps one connection; for each line that it reads it asks over that one and over a new one, and prints what it got.
    private static let client = """
        import http.client, json, ssl, sys
        def connect():
            return http.client.HTTPSConnection("127.0.0.1", int(sys.argv[1]), timeout=30, context=ssl._create_unverified_context())
        def ask(connection):
            connection.request("GET", "/health")
            answer = connection.getresponse()
            answer.read()
            return answer.status
        kept = connect()
        ask(kept)
        first = kept.sock
        for line in sys.stdin:
            new = connect()
            new.connect()
            shown = ssl.DER_cert_to_PEM_cert(new.sock.getpeercert(True))
            status = ask(kept) if kept.sock is first else 0
            print(json.dumps({"shown": shown.split(), "kept": status, "new": ask(new)}), flush=True)
            new.close()
        """

    private static func makeCertificate(_ name: String, in scratch: Scratch) async throws -> (certificate: String, key: String) {
        let openssl = try #require(Components.openssl)
        let files = (scratch.path("\(name).crt"), scratch.path("\(name).key"))
        let process = try ChildProcess(
            [
                openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                "/CN=localhost", "-keyout", files.1, "-out", files.0,
            ], environment: try Magenta.environment(in: scratch), in: scratch)
        #expect(try await process.exit() == .code(0))
        return files
    }

    @Test("New connections get the new one, old ones go on, and a broken one changes nothing")
    func reload() async throws {
        try await Scratch.with { scratch in
            let python = try #require(Components.python)
            let served = try await Self.makeCertificate("served", in: scratch)
            let next = try await Self.makeCertificate("next", in: scratch)
            func pem(_ path: String) -> [String] {
                String(decoding: Scratch.bytes(at: path), as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
            }
            let (first, second) = (pem(served.certificate), pem(next.certificate))
            let server = try Magenta.start(
                ["serve", "--listen", "localhost:0", "--no-watch", "--tls-certificate", served.certificate, "--tls-key", served.key], in: scratch)
            let port = try await eventually(within: .seconds(30), "magenta serve to listen") { Magenta.port(in: server.errorText) }
            let client = try ChildProcess(
                [python, "-c", Self.client, String(port)], environment: try Magenta.environment(in: scratch), in: scratch, hasInput: true)
            var asked = 0
            func ask() async throws -> JSONValue {
                asked += 1
                try await client.write(Array("ask\n".utf8))
                let line = try await eventually(within: .seconds(30), "answer \(asked); \(client.errorText)") {
                    let lines = client.outputText.split(separator: "\n", omittingEmptySubsequences: false)
                    return lines.count > asked ? lines[asked - 1] : nil
                }
                return try JSONReader().read(Array(line.utf8))
            }
            func answer(_ certificate: [String]) -> JSONValue {
                ["shown": .array(certificate.map { .string($0) }), "kept": 200, "new": 200]
            }
            #expect(try await ask() == answer(first))

            try scratch.write("-----BEGIN CERTIFICATE-----\nMIIB", to: "served.crt")
            server.send(SIGHUP)
            _ = try await eventually(within: .seconds(20), "the log to say why") {
                server.errorText.contains("cannot read a PEM certificate from \(served.certificate)") ? true : nil
            }
            #expect(try await ask() == answer(first))

            // No signal: the server looks by itself.
            #expect(rename(next.key, served.key) == 0 && rename(next.certificate, served.certificate) == 0)
            _ = try await eventually(within: .seconds(60), "the new certificate") {
                let shown = try await ask()
                return shown == answer(second) ? true : shown["kept"] == 200 ? nil : throwing(shown)
            }
            #expect(server.exitStatus == nil)
            client.closeInput()
            #expect(try await client.exit() == .code(0))
            server.send(SIGTERM)
            #expect(try await server.exit() == .code(0))
        }
    }

    private func throwing(_ shown: JSONValue) -> Bool? {
        Issue.record("the connection that was kept: \(shown)")
        return true
    }
}
