import BinaryTesting
package import JSON

/// What `magenta doctor --json` said of one URL.
package struct DoctorAnswer: Sendable, CustomStringConvertible {
    package struct Check: Sendable {
        package let id: String
        package let status: String
        package let cause: String
        package let fix: String
        package let line: String
    }

    package let exitCode: Int32
    package let json: JSONValue

    package init(exitCode: Int32, output: String) throws {
        self.exitCode = exitCode
        do { json = try JSONReader().read(output) } catch { throw TestFailure("magenta doctor printed no JSON object: \(output.prefix(2000))") }
    }

    package var checks: [Check] {
        (json["checks"]?.array ?? []).map { check in
            func text(_ name: String) -> String { check[name]?.string ?? "" }
            return Check(
                id: text("id"), status: text("status"), cause: text("cause"), fix: text("fix"),
                line: "\(text("subject")) \(text("detail")) \(text("errno"))")
        }
    }

    /// The first check of this id that is not good.
    package func problem(_ id: String) throws -> Check {
        guard let check = checks.first(where: { $0.id == id && ["fail", "warn"].contains($0.status) }) else {
            throw TestFailure("the doctor says nothing bad of \(id):\n\(self)")
        }
        return check
    }

    package var families: String { "v4 \(json["families"]?["v4"]?.string ?? "?"), v6 \(json["families"]?["v6"]?.string ?? "?")" }

    package var description: String {
        checks.map { "[\($0.status)] \($0.id) \($0.line) | \($0.cause) | \($0.fix)" }.joined(separator: "\n")
    }
}

extension NetworkHost {
    /// Runs the doctor on this host.
    package func doctor(
        _ arguments: [String], environment: [String: String] = [:], within timeout: Duration = .seconds(40)
    ) async throws -> DoctorAnswer {
        guard let magenta = Components.magenta else { throw TestFailure("no magenta binary beside the tests") }
        let result = try await run([magenta, "doctor", "--json"] + arguments, environment: environment, within: timeout)
        guard case .code(let code) = result.status else { throw TestFailure("magenta doctor ended with \(result.status): \(result.errors)") }
        return try DoctorAnswer(exitCode: code, output: result.output)
    }
}

extension DockerContainer {
    /// Runs the doctor in this container.
    package func doctor(_ arguments: [String]) async throws -> DoctorAnswer {
        guard let magenta = Components.magenta else { throw TestFailure("no magenta binary beside the tests") }
        let process = try start([magenta, "doctor", "--json"] + arguments, [:])
        let status = try await process.exit(within: .seconds(40))
        guard case .code(let code) = status else { throw TestFailure("magenta doctor ended with \(status): \(process.errorText)") }
        return try DoctorAnswer(exitCode: code, output: process.outputText)
    }
}
