/// Who speaks in a message.
package enum ParticipantRole: String, Sendable, Hashable, CaseIterable {
    case human
    case agent
    case tool
    case system
}

/// A role and, where there is one, a name: the model of an agent, the name of a tool.
package struct Participant: Sendable, Hashable {
    package var role: ParticipantRole
    package var name: String?

    package init(role: ParticipantRole, name: String? = nil) {
        self.role = role
        self.name = name
    }
}
