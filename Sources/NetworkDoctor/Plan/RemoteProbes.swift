import HTTPService
import NIOCore
import NIOHTTP1

/// Carries out a ``RemotePlan``: every address at once, and the later layers at the best of them as soon as it is known.
package struct RemoteProbes: Sendable {
    private let plan: RemotePlan
    private let stopwatch: Stopwatch
    private let watch: Duration
    /// Seconds since 1970, for the dates of certificates.
    private let now: Int64

    package init(now: Int64, plan: RemotePlan, stopwatch: Stopwatch = .system, watch: Duration = ConnectionProbe.watch) {
        self.now = now
        self.plan = plan
        self.stopwatch = stopwatch
        self.watch = watch
    }

    private enum Step: Sendable {
        case connected(Int, ConnectionFact)
        case met(Int, Meeting)
        case momentOver
        case hosts([Exchange])
        case opening(StreamFacts.Opening)
        case pace(StreamFacts.Pace)
        case mcp(MCPFacts)
    }

    /// What came of TLS and health at one address.
    fileprivate struct Meeting: Sendable {
        var peer: Peer
        var handshake: HandshakeFact?
        var health: Exchange
        /// Why no later layer can be tried here.
        var obstacle: String?
    }

    package func run() async -> RemoteFindings {
        let start = NIODeadline.now()
        let end = start + TimeAmount(plan.total)
        var connections: [Int: ConnectionFact] = [:]
        var meetings: [Int: Meeting] = [:]
        var choice = PeerChoice(count: plan.addresses.count)
        var isMomentOver = false
        var isDecided = false
        var hasMoment = false
        var findings = RemoteFindings()
        await withTaskGroup(of: Step.self) { group in
            let probe = ConnectionProbe(timeout: plan.timeout, watch: watch, stopwatch: stopwatch)
            for (index, address) in plan.addresses.enumerated() {
                group.addTask { .connected(index, await probe.connect(address: address, port: plan.target.port)) }
            }
            if plan.addresses.isEmpty { skip(&findings, "there is no address") }
            for await step in group {
                switch step {
                case .connected(let index, let fact):
                    connections[index] = fact
                    if fact.outcome == .connected {
                        group.addTask { .met(index, await meet(fact, until: deadline(end))) }
                    } else {
                        choice.note(.lost, at: index)
                    }
                case .met(let index, let meeting):
                    meetings[index] = meeting
                    choice.note(meeting.state, at: index)
                case .momentOver: isMomentOver = true
                case .hosts(let exchanges): findings.http.hosts = exchanges
                case .opening(let opening): findings.stream.opening = .known(opening)
                case .pace(let pace): findings.stream.pace = .known(pace)
                case .mcp(let facts): findings.mcp = facts
                }
                guard !isDecided else { continue }
                switch choice.decision(isMomentOver: isMomentOver) {
                case .wait: break
                case .waitAMoment where !hasMoment:
                    hasMoment = true
                    group.addTask {
                        // Cancelled or over, the moment ends.
                        try? await ContinuousClock().sleep(for: RemotePlan.moment)
                        return .momentOver
                    }
                case .waitAMoment: break
                case .nobody:
                    isDecided = true
                    skip(&findings, meetings.sorted { $0.key < $1.key }.lazy.compactMap(\.value.obstacle).first ?? "no address was reached")
                case .take(let index):
                    isDecided = true
                    if let meeting = meetings[index] { addLater(at: meeting, to: &group, until: deadline(end), end) }
                }
            }
        }
        findings.connections = plan.addresses.indices.compactMap { connections[$0] }
        findings.handshakes = plan.addresses.indices.compactMap { meetings[$0]?.handshake }
        findings.http.health = plan.addresses.indices.compactMap { meetings[$0]?.health }
        findings.http.authorizationSent = plan.authorizationIsSet && meetings.values.contains { !$0.peer.headers.isEmpty }
        return findings
    }

    private func deadline(_ end: NIODeadline) -> NIODeadline { min(end, .now() + TimeAmount(plan.timeout)) }

    private func skip(_ findings: inout RemoteFindings, _ reason: String) {
        findings.stream.opening = .notChecked(reason)
        findings.stream.pace = .notChecked(reason)
        findings.mcp.tools = .notChecked(reason)
        findings.mcp.unknownSession = .notChecked(reason)
        findings.mcp.getWithoutSession = .notChecked(reason)
    }

    private func meet(_ fact: ConnectionFact, until deadline: NIODeadline) async -> Meeting {
        var peer = Peer(target: plan.target, address: fact.address, headers: plan.headers, stopwatch: stopwatch)
        let handshakes = HandshakeProbe(target: plan.target, now: now, authorities: plan.authorities, stopwatch: stopwatch)
        var handshake: HandshakeFact?
        if plan.target.isSecure {
            let met = await handshakes.meet(fact.address, until: deadline)
            handshake = met
            // Where it cannot be made the handshake has failed for the same reason.
            peer.tls = try? await handshakes.tls(isVerified: met.outcome == .established)
            // Whoever answers with another's certificate gets no token.
            if met.outcome != .established { peer.headers = [:] }
            if case .failed(let reason) = met.outcome {
                let health = Exchange(
                    request: "GET \(plan.healthPaths[0])", address: fact.address, host: plan.target.authority, outcome: .failed(reason))
                return Meeting(peer: peer, handshake: met, health: health, obstacle: reason)
            }
        }
        var health = await HealthAsking(peer: peer, paths: plan.healthPaths).ask(until: deadline)
        if !plan.target.isSecure, health.mayBeTLS, await handshakes.speaksTLS(fact.address, until: deadline) {
            health.outcome = .failed("the port speaks TLS")
            return Meeting(peer: peer, health: health, obstacle: "the port speaks TLS")
        }
        return Meeting(peer: peer, handshake: handshake, health: health)
    }

    /// The layers that need one good address, at the same time.
    private func addLater(
        at meeting: Meeting, to group: inout TaskGroup<Step>, until deadline: NIODeadline, _ end: NIODeadline
    ) {
        let plan = plan
        let peer = meeting.peer
        let path = plan.target.path
        let isPrefixed = meeting.health.isMagenta && meeting.health.request.hasSuffix(" \(plan.healthPaths[plan.healthPaths.count - 1])")
        let healthPath = isPrefixed ? plan.healthPaths[plan.healthPaths.count - 1] : plan.healthPaths[0]
        group.addTask {
            let asking = HealthAsking(peer: peer, paths: [])
            return .hosts(await asking.ask(healthPath, hosts: plan.hosts(at: peer.address), until: deadline))
        }
        group.addTask {
            let first = min(deadline, .now() + TimeAmount(RemotePlan.firstEventTimeout))
            return .opening(await StreamProbe(peer: peer).opening(path, until: first))
        }
        group.addTask { .pace(await StreamProbe(peer: peer).pace(healthPath + "/stream", until: deadline)) }
        group.addTask {
            let messages = Messages(version: plan.version)
            return .mcp(
                await MCPProbe(
                    peer: peer, path: path, messages: messages, prefersStream: plan.prefersStream, deadline: deadline, end: end
                ).ask())
        }
    }
}

extension RemoteProbes.Meeting {
    fileprivate var state: PeerChoice.State {
        if obstacle != nil { .lost } else if health.isMagenta { .magenta } else if health.answer != nil { .answered } else { .mute }
    }
}

extension Exchange {
    /// A TLS server closes on plain HTTP, answers a TLS alert, or with 400 and a sentence (nginx, Go).
    fileprivate var mayBeTLS: Bool {
        switch outcome {
        case .closed, .failed: true
        case .answered(let answer): answer.status == 400
        case .timedOut: false
        }
    }
}
