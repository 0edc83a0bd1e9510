import JSON
import MCPCore
import Synchronization

/// The way back to the one client of the process.
struct StdioChannel: ClientChannel {
    let writer: LineWriter
    let questions: PendingQuestions<Int>
    let settings: StdioSettings

    func send(_ notification: JSONRPCNotification) { writer.offer(notification.bytes) }

    func ask(_ method: String, _ params: JSONObject) async throws -> JSONValue {
        try await questions.ask(0, method, params) { writer.enqueue($0) }
    }

    func remember(_ setting: ClientSetting) async throws(JSONRPCError) {
        guard settings.remember(setting) else {
            throw JSONRPCError(.invalidParams, "The client subscribes to \(StdioSettings.maximumSubscriptions) resources already.")
        }
    }
}

/// What the client of a process has set. A legacy client hears of changes as soon as it has initialized.
final class StdioSettings: Sendable {
    static let maximumSubscriptions = 1000

    private struct State {
        var isOpen = false
        var logLevel = LogLevel.initial
        var subscriptions: Set<String> = []
    }

    private let state = Mutex(State())

    var logLevel: LogLevel { state.withLock { $0.logLevel } }

    func open() { state.withLock { $0.isOpen = true } }

    func remember(_ setting: ClientSetting) -> Bool {
        state.withLock { state in
            switch setting {
            case .logLevel(let level): state.logLevel = level
            case .subscription(let uri, true):
                guard state.subscriptions.count < Self.maximumSubscriptions else { return false }
                state.subscriptions.insert(uri)
            case .subscription(let uri, false): state.subscriptions.remove(uri)
            }
            return true
        }
    }

    func wants(_ change: ServerChange) -> Bool {
        state.withLock { state in
            switch change {
            case .tools, .prompts, .resources: state.isOpen
            case .resource(let uri): state.subscriptions.contains(uri)
            case .task: false
            }
        }
    }
}
