import JSON
import Testing
import Transcripts

@Suite("Hooks in Claude Code's settings")
struct HookSettingsTests {
    private static func hooks(_ executable: String = "/opt/magenta/bin/magenta", timeout: Int = 5) -> [HookSettings.Hook] {
        HookCommandLine.events.map { event in
            HookSettings.Hook(
                event: event, matcher: event == "SessionStart" ? "startup|clear" : nil,
                command: HookCommandLine(executable: executable, event: event, arguments: ["--to", "http://localhost:8000"]).text, timeout: timeout)
        }
    }

    private static func adding(_ hooks: [HookSettings.Hook] = hooks(), to text: String) throws -> String {
        var settings = try HookSettings(Array(text.utf8))
        try settings.add(hooks)
        return String(decoding: settings.bytes, as: UTF8.self)
    }

    private static func removing(from text: String) throws -> (text: String, events: [String]) {
        var settings = try HookSettings(Array(text.utf8))
        let events = settings.remove()
        return (String(decoding: settings.bytes, as: UTF8.self), events)
    }

    @Test func `A file without settings gets the three events, each in a group of its own`() throws {
        #expect(
            try Self.adding(to: "") == """
                {
                  "hooks": {
                    "SessionStart": [
                      {
                        "matcher": "startup|clear",
                        "hooks": [
                          {
                            "type": "command",
                            "command": "/opt/magenta/bin/magenta hook SessionStart --to http://localhost:8000",
                            "timeout": 5
                          }
                        ]
                      }
                    ],
                    "PreCompact": [
                      {
                        "hooks": [
                          {
                            "type": "command",
                            "command": "/opt/magenta/bin/magenta hook PreCompact --to http://localhost:8000",
                            "timeout": 5
                          }
                        ]
                      }
                    ],
                    "SessionEnd": [
                      {
                        "hooks": [
                          {
                            "type": "command",
                            "command": "/opt/magenta/bin/magenta hook SessionEnd --to http://localhost:8000",
                            "timeout": 5
                          }
                        ]
                      }
                    ]
                  }
                }

                """)
    }

    /// What users' files look like, with shapes that no version of Claude Code writes.
    static let files = [
        "{}", "{}\n", "{ }", "{\n}", "{\"model\":\"opus\"}", "{ \"model\" : \"opus\" , \"x\":1.0 }",
        "{\n  \"model\": \"opus\"\n}\n", "{\n\t\"model\": \"opus\",\n\t\"env\": {\"A\": \"\\u00e9\\/\"}\n}", "{\r\n    \"model\": \"opus\"\r\n}\r\n",
        "{\n\"model\": \"opus\",\n\"n\": [1e3, -0.0, true, null]\n}",
        #"{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"say done"}]}]},"model":"opus"}"#,
        """
        {
          "hooks": {
            "SessionStart": [
              { "matcher": "", "hooks": [ { "type": "command", "command": "echo hi; magenta hook SessionStart" } ] }
            ],
            "PreToolUse": [ { "matcher": "Bash", "hooks": [ { "type": "http", "url": "http://localhost:1/" }, "odd" ] }, 7, null ]
          },
          "permissions": { "allow": ["Bash(git *)"] }
        }
        """,
        """
        {
            "hooks": {"SessionStart": [{"hooks": []}, {"matcher": "resume"}], "SessionEnd": [[]],
                      "Later": {"type": "command", "command": "magenta hook SessionStart"}},
            "text": "a \\"quoted\\" } ] , { [ and \\\\"
        }
        """,
    ]

    @Test("What is ours comes in beside the rest, once, and out again without a trace", arguments: files)
    func restores(file: String) throws {
        let added = try Self.adding(to: file)
        let value = try JSONReader().read(added)
        for event in HookCommandLine.events {
            let groups = try #require(value["hooks"]?[event]?.array)
            #expect(groups.count { "\($0)".contains("/opt/magenta/bin/magenta hook \(event) ") } == 1)
        }
        #expect(try Self.adding(to: added) == added, "a second time changes nothing")
        let removed = try Self.removing(from: added)
        #expect(removed.events.sorted() == HookCommandLine.events.sorted())
        if ["{ }", "{\n}"].contains(file) {
            #expect(removed.text == "{}")
        } else {
            #expect(removed.text == file)
        }
        #expect(try Self.removing(from: file).text == file, "nothing of ours is there")
    }

    @Test("Other keys keep their values and their order, whatever they hold", arguments: files)
    func keeps(file: String) throws {
        let before = try JSONReader().read(file)
        let after = try JSONReader().read(try Self.adding(to: file))
        guard case .object(let old) = before, case .object(let new) = after else {
            Issue.record("no objects")
            return
        }
        #expect(new.keys.filter { $0 != "hooks" || old["hooks"] != nil } == old.keys)
        for key in old.keys where key != "hooks" { #expect(new[key] == old[key]) }
        for member in old["hooks"]?.object?.members ?? [] {
            guard let groups = member.value.array else {
                #expect(new["hooks"]?[member.key] == member.value)
                continue
            }
            let now = try #require(new["hooks"]?[member.key]?.array)
            #expect(Array(now.prefix(groups.count)) == groups)
        }
    }

    @Test func `Hooks of an older binary, with other options or moved by hand, give way to the new ones`() throws {
        let old = #"""
            {"hooks":{"SessionStart":[{"matcher":"*","hooks":[{"type":"command","command":"say hi"},
             {"type":"command","command":"MAGENTA_TOKEN_FILE=/t '/old place/magenta' hook SessionStart --max-tokens 300"}]}],
             "SessionEnd":[{"hooks":[{"type":"command","command":"/old/magenta-0.1 hook SessionEnd"},{"type":"command","command":"magenta","args":["hook","SessionEnd"]}]}]}}
            """#
        let added = try Self.adding(to: old)
        let value = try JSONReader().read(added)
        #expect(!added.contains("/old") && !added.contains("args"))
        #expect(value["hooks"]?["SessionStart"]?.array?.first == ["matcher": "*", "hooks": [["type": "command", "command": "say hi"]]])
        #expect(value["hooks"]?["SessionEnd"]?.array?.count == 1)
        #expect(try Self.removing(from: old).text.contains("magenta") == false)
    }

    @Test func `A hook of ours that stands in a group with others is left there as long as it is current`() throws {
        let start = Self.hooks()[0]
        let file =
            #"{"hooks":{"SessionStart":[{"matcher":"startup|clear","hooks":[{"type":"command","command":"say hi"},"#
            + #"{"type":"command","command":"\#(start.command)","timeout":5}]}]}}"#
        #expect(try Self.adding([start], to: file) == file)
        #expect(
            try Self.removing(from: file).text
                == #"{"hooks":{"SessionStart":[{"matcher":"startup|clear","hooks":[{"type":"command","command":"say hi"}]}]}}"#)
        #expect(try Self.adding([HookSettings.Hook(event: "SessionStart", command: start.command, timeout: 5)], to: file) != file)
    }

    @Test(
        "Other programs' hooks are not ours",
        arguments: [
            "echo magenta hook SessionStart", "magenta serve", "magenta hook", "magenta hook Stop", "/x/magentaX hook SessionStart",
            "true && magenta hook SessionStart", "'magenta hook SessionStart'", "/x/magenta=1 hook SessionStart", "",
        ])
    func foreign(command: String) throws {
        let file = JSONValue.object(["hooks": ["SessionStart": [["hooks": [["type": "command", "command": .string(command)]]]]]]).description
        #expect(try Self.removing(from: file).text == file)
    }

    @Test("A path with spaces and quotes stands in the settings as a shell takes it, and is known again")
    func quoting() throws {
        let hooks = Self.hooks("/Users/ana/it's here/magenta")
        #expect(hooks[0].command == #"'/Users/ana/it'\''s here/magenta' hook SessionStart --to http://localhost:8000"#)
        let file = try Self.adding(hooks, to: "{\"a\": 1}")
        #expect(try Self.removing(from: file).text == "{\"a\": 1}")
    }

    @Test(
        "A file that cannot be merged into is refused with the reason",
        arguments: [
            ("[1]", "it holds an array and no JSON object"), ("nonsense", "it is no valid JSON: unexpected byte 0x6f (byte 1)"),
            ("{\n  // mine\n  \"model\": \"opus\"\n}", "it holds a comment (byte 4), which JSON has not"),
            ("{ /* mine */ }", "it holds a comment (byte 2), which JSON has not"),
            ("{\"a\":1,}", "it is no valid JSON: unexpected byte 0x7d (byte 7)"),
            ("{\"hooks\":[]}", "its \"hooks\" is an array and not an object"),
            ("{\"hooks\":{\"PreCompact\":\"x\"}}", "its \"PreCompact\" is a string and not an array"),
        ])
    func refused(file: String, reason: String) {
        do {
            _ = try Self.adding(to: file)
            Issue.record("nothing was thrown")
        } catch {
            #expect("\(error)" == reason)
        }
    }

    @Test func `Settings that turn hooks off are seen`() throws {
        #expect(try HookSettings(Array(#"{"disableAllHooks": true}"#.utf8)).isDisabled)
        #expect(try !HookSettings(Array(#"{"disableAllHooks": false}"#.utf8)).isDisabled)
    }
}
