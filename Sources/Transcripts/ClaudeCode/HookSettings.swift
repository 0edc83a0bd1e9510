import JSON

/// magenta's hooks in a settings file of Claude Code: merged into what stands there, and taken out again.
///
/// A settings file belongs to its user. Whatever is not ours keeps its bytes, its order and its shape, known or not; hooks of ours that
/// another version wrote, or another binary, give way to the new ones. https://code.claude.com/docs/en/hooks has the format.
package struct HookSettings {
    /// A hook as it stands in the file: under its event, in a group of its own.
    package struct Hook: Sendable, Hashable {
        package var event: String
        /// Which kinds of the event it is for; `nil` for all.
        package var matcher: String?
        package var command: String
        /// After so many seconds Claude Code ends the hook and goes on.
        package var timeout: Int

        package init(event: String, matcher: String? = nil, command: String, timeout: Int) {
            self.event = event
            self.matcher = matcher
            self.command = command
            self.timeout = timeout
        }

        var entry: JSONValue { ["type": "command", "command": .string(command), "timeout": .integer(Int64(timeout))] }

        var group: JSONValue {
            guard let matcher else { return ["hooks": [entry]] }
            return ["matcher": .string(matcher), "hooks": [entry]]
        }
    }

    private var text: EditableJSON

    /// - Parameter bytes: the file; a file with nothing in it is one without settings.
    package init(_ bytes: [UInt8]) throws(HookSettingsFlaw) {
        let isBlank = bytes.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let bytes = isBlank ? Array("{}\n".utf8) : bytes
        let value: JSONValue
        do { value = try JSONReader().read(bytes) } catch { throw HookSettingsFlaw(error, in: bytes) }
        guard case .object = value else { throw HookSettingsFlaw("it holds \(value.kindName) and no JSON object") }
        text = EditableJSON(bytes)
    }

    package var bytes: [UInt8] { text.bytes }

    /// Whether the file turns all hooks off, ours too.
    package var isDisabled: Bool { text.value(at: text.root)?["disableAllHooks"]?.bool == true }

    /// Puts the hooks in, each once, in the place of those that were ours before. Nothing changes where they stand there already.
    package mutating func add(_ hooks: [Hook]) throws(HookSettingsFlaw) {
        if holds(hooks) { return }
        _ = removeOwn(keeping: Set(hooks.map(\.event)))
        for hook in hooks {
            let object = try container("hooks", in: text.root, empty: [:], kind: "an object")
            let array = try container(hook.event, in: object, empty: [], kind: "an array")
            text.append(hook.group, to: array)
        }
    }

    /// Takes ours out, and the groups, arrays and the object that hold nothing without them.
    ///
    /// - Returns: the events that had one.
    @discardableResult
    package mutating func remove() -> [String] { removeOwn() }

    // MARK: Finding ours

    /// Where a hook of ours stands.
    private struct Place {
        var hooks: EditableJSON.Member
        var events: [EditableJSON.Member]
        var event: Int
        var groups: [Range<Int>]
        var group: Int
        var entries: Range<Int>
        var entry: Int
    }

    private func hooksMember() -> EditableJSON.Member? {
        text.members(of: text.root).last { $0.key == "hooks" && isObject($0.value) }
    }

    private func places() -> [Place] {
        guard let hooks = hooksMember() else { return [] }
        let events = text.members(of: hooks.value)
        var places: [Place] = []
        for (event, member) in events.enumerated() where isArray(member.value) {
            let groups = text.elements(of: member.value)
            for (group, span) in groups.enumerated() where isObject(span) {
                guard let entries = text.members(of: span).last(where: { $0.key == "hooks" && isArray($0.value) }) else { continue }
                for (entry, span) in text.elements(of: entries.value).enumerated() where isOwn(span) {
                    places.append(
                        Place(hooks: hooks, events: events, event: event, groups: groups, group: group, entries: entries.value, entry: entry))
                }
            }
        }
        return places
    }

    private func isOwn(_ entry: Range<Int>) -> Bool {
        guard let value = text.value(at: entry), case .object(let object) = value, let command = object["command"]?.string else { return false }
        return HookCommandLine.isOwn(command, arguments: object["args"]?.array?.map { $0.string ?? "" } ?? [])
    }

    private func isObject(_ span: Range<Int>) -> Bool { text.bytes[span.lowerBound] == UInt8(ascii: "{") }
    private func isArray(_ span: Range<Int>) -> Bool { text.bytes[span.lowerBound] == UInt8(ascii: "[") }

    /// Whether ours are exactly these. Others may stand beside one in its group.
    private func holds(_ hooks: [Hook]) -> Bool {
        let places = places()
        guard places.count == hooks.count else { return false }
        return hooks.allSatisfy { hook in
            places.contains { place in
                guard place.events[place.event].key == hook.event, let group = text.value(at: place.groups[place.group]) else { return false }
                return group["matcher"]?.string == hook.matcher && group["hooks"]?.array?[place.entry] == hook.entry
            }
        }
    }

    // MARK: Changing

    /// - Parameter kept: the events whose arrays stay, since they are filled again.
    private mutating func removeOwn(keeping kept: Set<String> = []) -> [String] {
        var events: [String] = []
        // Each removal moves what stands behind it.
        while let place = places().last {
            let event = place.events[place.event]
            events.append(event.key)
            let entries = text.elements(of: place.entries)
            guard entries.count == 1 else {
                text.remove(place.entry, of: entries, in: place.entries)
                continue
            }
            text.remove(place.group, of: place.groups, in: event.value)
            if !kept.contains(event.key), place.groups.count == 1 { removeEvent(event.key) }
        }
        return events.reversed()
    }

    /// Removes an event's empty array, and `hooks` with it where that was all of it.
    private mutating func removeEvent(_ name: String) {
        guard let hooks = hooksMember() else { return }
        let events = text.members(of: hooks.value)
        guard let place = events.lastIndex(where: { $0.key == name }), isArray(events[place].value), text.elements(of: events[place].value).isEmpty
        else { return }
        text.remove(place, of: events.map(\.whole), in: hooks.value)
        guard events.count == 1 else { return }
        let root = text.root
        let members = text.members(of: root)
        if let place = members.lastIndex(where: { $0.key == "hooks" }) { text.remove(place, of: members.map(\.whole), in: root) }
    }

    /// The value of a member, which is made where it is missing.
    private mutating func container(
        _ key: String, in object: Range<Int>, empty: JSONValue, kind: String
    ) throws(HookSettingsFlaw) -> Range<Int> {
        if !text.members(of: object).contains(where: { $0.key == key }) { text.append(key, empty, to: object) }
        // The object may have grown, and begins where it did.
        let members = text.members(of: text.span(at: object.lowerBound))
        guard let member = members.last(where: { $0.key == key }) else { throw HookSettingsFlaw("its \"\(key)\" cannot be found") }
        let isExpected = if case .array = empty { isArray(member.value) } else { isObject(member.value) }
        guard isExpected else {
            throw HookSettingsFlaw("its \"\(key)\" is \(text.value(at: member.value)?.kindName ?? "something else") and not \(kind)")
        }
        return member.value
    }
}

/// Why a settings file is left as it is.
package struct HookSettingsFlaw: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }

    init(_ error: JSONError, in bytes: [UInt8]) {
        let rest = bytes.dropFirst(error.offset)
        if rest.starts(with: Array("//".utf8)) || rest.starts(with: Array("/*".utf8)) {
            self.init("it holds a comment (byte \(error.offset)), which JSON has not")
        } else {
            self.init("it is no valid JSON: \(error)")
        }
    }
}
