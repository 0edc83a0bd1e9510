import MemoryTools
import ServiceLifecycle

/// Tells clients what is captured beside the server, until it stops.
struct UpdateService: Service {
    let updates: ResourceUpdates

    func run() async {
        await cancelWhenGracefulShutdown { await updates.run() }
    }
}
