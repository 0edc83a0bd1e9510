import Diagnosis

/// Every check by its stable id. An id keeps its meaning; new ones may be added. What stands before the dot is the layer.
package enum CheckID: String, Sendable, Hashable, CaseIterable {
    case configFile = "config.file"
    case configEntry = "config.entry"
    case configURL = "config.url"
    case configType = "config.type"
    case configVariable = "config.variable"
    case configHeader = "config.header"
    case configApproval = "config.approval"
    case configLocalhost = "config.localhost"

    case environmentContainer = "environment.container"
    case environmentProxy = "environment.proxy"
    case environmentIPv6 = "environment.ipv6"
    case environmentHosts = "environment.hosts"
    case environmentNameService = "environment.name-service"
    case environmentAddressOrder = "environment.address-order"

    case namesResolve = "names.resolve"
    case namesConfigured = "names.addrconfig"
    case namesServer = "names.server"

    case tcpConnect = "tcp.connect"

    case tlsHandshake = "tls.handshake"
    case tlsTrust = "tls.trust"
    case tlsName = "tls.name"
    case tlsExpiry = "tls.expiry"

    case httpAnswer = "http.answer"
    case httpIdentity = "http.identity"
    case httpHealth = "http.health"
    case httpHost = "http.host"
    case httpIntermediary = "http.intermediary"
    case httpProxy = "http.proxy"
    case httpAuthorization = "http.authorization"
    case httpPath = "http.path"

    case streamOpen = "stream.open"
    case streamBuffering = "stream.buffering"
    case streamRetry = "stream.retry"

    case mcpDiscover = "mcp.discover"
    case mcpInitialize = "mcp.initialize"
    case mcpSession = "mcp.session"
    case mcpTools = "mcp.tools"

    case serverSocket = "server.socket"
    case serverFamily = "server.family"
    case serverAddress = "server.address"

    case captureCleanup = "capture.cleanup"

    case clientConnect = "client.connect"
    case clientLog = "client.log"

    /// One line for docs/doctor.md.
    package var meaning: String {
        switch self {
        case .configFile: "a client's configuration file can be read"
        case .configEntry: "an entry for magenta was found, and its form is one that Claude Code takes"
        case .configURL: "the entry's URL is one"
        case .configType: "the entry's type (http, sse) and path fit each other"
        case .configVariable: "every ${VARIABLE} of the entry is set"
        case .configHeader: "the Authorization header says `Bearer` and a token"
        case .configApproval: "Claude Code has approved the project's entry"
        case .configLocalhost: "the URL does not name localhost inside a container"
        case .environmentContainer: "whether this is a container, and of which kind"
        case .environmentProxy: "no proxy variable takes this host's requests away"
        case .environmentIPv6: "what the kernel does with IPv6"
        case .environmentHosts: "the lines of /etc/hosts for the name agree with this host's addresses"
        case .environmentNameService: "nsswitch.conf, host.conf and the C library look names up as expected"
        case .environmentAddressOrder: "gai.conf does not change the order of addresses"
        case .namesResolve: "the name has addresses"
        case .namesConfigured: "AI_ADDRCONFIG takes no address away"
        case .namesServer: "each name server answers A and AAAA"
        case .tcpConnect: "each address takes a TCP connection"
        case .tlsHandshake: "a TLS handshake succeeds"
        case .tlsTrust: "the certificate's chain leads to a known authority"
        case .tlsName: "the certificate is for the name in the URL"
        case .tlsExpiry: "the certificate is valid for more than 14 days"
        case .httpAnswer: "each address that was connected answers HTTP"
        case .httpIdentity: "the one that answers is magenta"
        case .httpHealth: "the server calls itself healthy"
        case .httpHost: "the server takes the Host header that clients send"
        case .httpIntermediary: "no redirect, and which proxy stands in between"
        case .httpProxy: "what comes of the request when the proxy variables are followed"
        case .httpAuthorization: "the server takes the credentials"
        case .httpPath: "MCP is served at the URL's path"
        case .streamOpen: "an event stream opens and its first event comes within a second"
        case .streamBuffering: "events arrive when they are sent: nothing buffers them"
        case .streamRetry: "the stream tells clients to come back soon after a restart"
        case .mcpDiscover: "server/discover of revision 2026-07-28 is answered"
        case .mcpInitialize: "initialize is answered in each older revision"
        case .mcpSession: "an unknown session is answered 404, which lets clients begin anew"
        case .mcpTools: "tools/list is answered"
        case .serverSocket: "which sockets listen on the port, by whom, with their IPV6_V6ONLY"
        case .serverFamily: "both families are listened on"
        case .serverAddress: "every address of this host reaches the server"
        case .captureCleanup: "what Claude Code's cleanup deletes next is in the store"
        case .clientConnect: "what a client makes of these addresses"
        case .clientLog: "what Claude Code wrote down of its own last attempt"
        }
    }
}

extension Check {
    init(
        _ id: CheckID, _ status: Status, _ subject: String, _ detail: String, errno: String? = nil, duration: Duration? = nil,
        cause: String? = nil, fix: String? = nil
    ) {
        self.init(id.rawValue, status, subject, detail, errno: errno, duration: duration, cause: cause, fix: fix)
    }

    /// For what could not be looked at.
    static func notChecked(_ id: CheckID, _ subject: String, _ reason: String) -> Check {
        Check(id, .skip, subject, "not checked: \(reason)")
    }

    /// The same with a cause and a fix, where there is one.
    func explained(by explanation: Explanation?) -> Check {
        var check = self
        check.cause = explanation?.cause
        check.fix = explanation?.fix
        return check
    }
}

/// Why something is as it is, and the one line that changes it.
package struct Explanation: Sendable, Hashable {
    package var cause: String
    package var fix: String

    package init(cause: String, fix: String) {
        self.cause = cause
        self.fix = fix
    }
}
