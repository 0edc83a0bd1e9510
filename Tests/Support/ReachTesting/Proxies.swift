package import BinaryTesting

extension TestNetwork {
    /// Starts nginx on the server's host.
    ///
    /// - Parameter servers: the `server` blocks of its configuration; nothing else differs from what nginx does by itself.
    package func nginx(_ servers: String) async throws -> ChildProcess {
        let folder = try scratch.folder("nginx")
        let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(folder)/\($0);" }
        let configuration = try scratch.write(
            """
            daemon off;
            pid \(folder)/pid;
            error_log stderr;
            user root;
            events {}
            http {
                access_log off;
                \(places.joined(separator: "\n    "))
                \(servers)
            }
            """, to: "nginx/nginx.conf")
        let nginx = try server.start(["nginx", "-p", folder, "-c", configuration, "-e", "stderr"])
        try await eventually(within: .seconds(10), "nginx to write its process id") {
            if let status = nginx.exitStatus { throw TestFailure("nginx ended with \(status): \(nginx.errorText)") }
            return Scratch.bytes(at: "\(folder)/pid").isEmpty ? nil : ()
        }
        return nginx
    }

    /// Starts a forward proxy on the server's host; its output is the request lines that it got, after a line `ready`.
    package func forwardProxy(port: Int) async throws -> ChildProcess {
        let proxy = try server.start(
            ["python3", "\(Components.package)/Tests/Interop/forward_proxy.py", NetworkAddress.serverIPv4, "\(port)"])
        try await eventually(within: .seconds(10), "the proxy to be ready") {
            if let status = proxy.exitStatus { throw TestFailure("the proxy ended with \(status): \(proxy.errorText)") }
            return proxy.outputText.hasPrefix("ready") ? () : nil
        }
        return proxy
    }
}
