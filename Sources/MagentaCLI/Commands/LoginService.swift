import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What starts magenta at login: a systemd user unit on Linux, a launchd agent on macOS.
///
/// No socket unit: systemd binds all of its addresses or none, and a host without IPv6 would be left without a server.
struct LoginService {
    struct File {
        var path: String
        var text: String
    }

    /// In the first lines of the file that this command writes; a file without it is somebody else's.
    static let mark = "Written by magenta connect"

    var file: File
    /// What makes it work; run in this order.
    var enable: [[String]]
    var disable: [[String]]

    /// - Parameter executable: the absolute path of magenta.
    static func make(executable: String, environment: [String: String]) throws -> LoginService {
        guard !executable.contains(where: \.isNewline) else { throw UsageError("the path of magenta has a line break in it: move the program") }
        let home = SettingSources.home(environment)
        #if os(macOS)
            return agent(executable: executable, home: home)
        #else
            let base = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.config"
            return units(executable: executable, folder: "\(base)/systemd/user")
        #endif
    }

    static func units(executable: String, folder: String) -> LoginService {
        let service = """
            # \(mark) claude-code --service; taken away by --remove-service.
            [Unit]
            Description=magenta, memory for coding agents

            [Service]
            Type=notify
            ExecStart=\(quotedForSystemd(executable)) serve
            Restart=on-failure
            TimeoutStopSec=10

            [Install]
            WantedBy=default.target

            """
        let systemctl = ["systemctl", "--user"]
        return LoginService(
            file: File(path: "\(folder)/magenta.service", text: service),
            enable: [systemctl + ["daemon-reload"], systemctl + ["enable", "--now", "magenta.service"]],
            disable: [systemctl + ["disable", "--now", "magenta.service"]])
    }

    static func agent(executable: String, home: String) -> LoginService {
        let label = "magenta.serve"
        let path = "\(home)/Library/LaunchAgents/\(label).plist"
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- \(mark) claude-code --service; taken away by --remove-service. -->
            <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
            <plist version="1.0">
            <dict>
              <key>Label</key><string>\(label)</string>
              <key>ProgramArguments</key><array><string>\(escapedForXML(executable))</string><string>serve</string></array>
              <key>RunAtLoad</key><true/>
              <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>
              <key>StandardErrorPath</key><string>\(escapedForXML(home))/Library/Logs/magenta.log</string>
            </dict>
            </plist>

            """
        let domain = "gui/\(getuid())"
        return LoginService(
            file: File(path: path, text: text), enable: [["launchctl", "bootstrap", domain, path]],
            disable: [["launchctl", "bootout", "\(domain)/\(label)"]])
    }

    /// systemd.syntax(7) and systemd.service(5): quotes and backslashes of its own, `%` and `$` doubled.
    static func quotedForSystemd(_ path: String) -> String {
        let escaped = path.map { $0 == "\\" || $0 == "\"" ? "\\\($0)" : $0 == "%" ? "%%" : $0 == "$" ? "$$" : String($0) }.joined()
        return "\"\(escaped)\""
    }

    private static func escapedForXML(_ text: String) -> String {
        text.map { $0 == "&" ? "&amp;" : $0 == "<" ? "&lt;" : $0 == ">" ? "&gt;" : String($0) }.joined()
    }

    /// Whether a file may be replaced or removed: it is not there, or this command wrote it.
    private static func isOurs(_ path: String) -> Bool {
        guard let data = FileManager.default.contents(atPath: path) else { return true }
        return String(decoding: data.prefix(1024), as: UTF8.self).contains(mark)
    }

    func write() throws {
        guard Self.isOurs(file.path) else {
            throw UsageError("\(file.path) is there and was not written by magenta, so it is left as it is. Fix: move it away, then run this again")
        }
        let folder = URL(filePath: file.path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(file.text.utf8).write(to: URL(filePath: file.path), options: .atomic)
        } catch {
            throw UsageError("cannot write \(file.path): the directory cannot be made or written")
        }
    }

    func checkOwner() throws {
        guard Self.isOurs(file.path) else {
            throw UsageError("\(file.path) was not written by magenta, so it is left as it is. Fix: remove it yourself")
        }
    }

    func remove() throws {
        do { try FileManager.default.removeItem(atPath: file.path) } catch {
            throw UsageError("cannot remove \(file.path): its directory may not be written")
        }
    }
}
