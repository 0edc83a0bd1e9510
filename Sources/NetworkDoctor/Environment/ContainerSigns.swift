/// What gives a container away.
enum ContainerSigns {
    static func container(in view: HostView, environment: [String: String]) -> EnvironmentFacts.Container? {
        // A pod runs in whatever runtime the node has, so its own sign comes first.
        if environment["KUBERNETES_SERVICE_HOST"] != nil { return .kubernetes }
        if view.exists("/run/.containerenv") { return .podman }
        if view.exists("/.dockerenv") { return .docker }
        let groups = view.text("/proc/1/cgroup") ?? ""
        for (word, container) in [("kubepods", EnvironmentFacts.Container.kubernetes), ("libpod", .podman), ("docker", .docker)]
        where groups.contains(word) {
            return container
        }
        // `container` is what systemd's container interface asks of every runtime.
        switch environment["container"] {
        case nil, "": break
        case "podman": return .podman
        case "docker": return .docker
        default: return .other
        }
        return groups.contains("/lxc/") || groups.contains("containerd") ? .other : nil
    }
}
