import Diagnosis
import Listeners

/// Layer 4: TCP, address by address.
enum ConnectionRules {
    static func checks(_ report: Report) -> [Check] {
        report.connections.map { check($0, report) }
    }

    private static func check(_ fact: ConnectionFact, _ report: Report) -> Check {
        let isAlone = report.connected.isEmpty && !report.isReachedThroughProxy
        switch fact.outcome {
        case .connected: return Check(.tcpConnect, .ok, fact.endpoint, "connected", duration: fact.duration)
        case .failed(let name) where fact.isFamilyAbsent:
            let check = Check(
                .tcpConnect, isAlone ? .fail : .skip, fact.endpoint, "this host has no \(fact.address.canonical.family.title)", errno: name,
                duration: fact.duration)
            return isAlone ? check.explained(by: ConnectionCause.explain(fact, report)) : check
        case .failed(let name):
            return Check(
                .tcpConnect, isAlone ? .fail : .warn, fact.endpoint, words(name), errno: name, duration: fact.duration
            ).explained(by: ConnectionCause.explain(fact, report))
        case .timedOut:
            return Check(.tcpConnect, isAlone ? .fail : .warn, fact.endpoint, "no answer in time", errno: "ETIMEDOUT", duration: fact.duration)
                .explained(by: ConnectionCause.explain(fact, report))
        case .closedAtOnce:
            return Check(
                .tcpConnect, isAlone ? .fail : .warn, fact.endpoint, "connected, and closed before a byte was sent", duration: fact.duration
            ).explained(by: ConnectionCause.explain(fact, report))
        }
    }

    private static func words(_ name: String) -> String {
        switch name {
        case "ECONNREFUSED": "refused"
        case "EHOSTUNREACH": "the host cannot be reached"
        case "ENETUNREACH": "no route"
        case "EACCES", "EPERM": "forbidden"
        case "ECONNRESET": "reset"
        default: "failed"
        }
    }
}
