import Diagnosis
import HTTPService
import JSON
import Synchronization

/// What the server knows of its own reach: what came of dialling itself on each family.
final class ServerHealth: Sendable {
    private let report = Mutex<ReachReport?>(nil)

    func set(_ new: ReachReport) {
        report.withLock { $0 = new }
    }

    var isFailed: Bool { report.withLock { $0?.status == .failed } }

    /// `{status, name, version, families}`: all that somebody without a token is told. The status is ok, warning, failed, or
    /// starting before the first dial came back.
    var value: JSONValue {
        let report = report.withLock { $0 }
        return [
            "status": .string(report?.status.rawValue ?? "starting"), "name": .string(MemoryServer.name),
            "version": .string(Magenta.version), "families": report?.value ?? [:],
        ]
    }
}

extension ReachReport {
    /// The families by name, each with what came of dialling it.
    var value: JSONValue {
        .object(JSONObject(families.map { JSONObject.Member(key: $0.family.rawValue, value: .string($0.reach.text)) }))
    }
}

extension FamilyReach {
    var text: String {
        switch self {
        case .reachable: "reachable"
        case .absent(let reason): "absent: \(reason)"
        case .unreachable(let reason): "unreachable: \(reason)"
        case .notListening: "not listening"
        }
    }
}
