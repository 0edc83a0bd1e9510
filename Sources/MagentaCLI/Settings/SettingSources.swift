import FoundationEssentials
import JSON

/// Where values of settings come from: the command line first, then the environment, then the file.
struct SettingSources {
    let environment: [String: String]
    private let file: JSONObject
    private let filePath: String

    /// - Parameter configFile: the file named on the command line; else `MAGENTA_CONFIG`, else the default place, where it may be absent.
    init(environment: [String: String], configFile: String?) throws {
        self.environment = environment
        let named = configFile ?? environment["MAGENTA_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let base = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(Self.home(environment))/.config"
        filePath = named ?? "\(base)/magenta/config.json"
        guard let data = FileManager.default.contents(atPath: filePath) else {
            guard named == nil else {
                throw UsageError("cannot read the settings file \(filePath): there is no such file, or it may not be read")
            }
            file = [:]
            return
        }
        guard data.count <= 1 << 20 else { throw UsageError("the settings file \(filePath) is larger than 1 MiB; is it the right one?") }
        let value: JSONValue
        do { value = try JSONReader().read([UInt8](data)) } catch {
            throw UsageError("the settings file \(filePath) is no valid JSON: \(error)")
        }
        guard case .object(let object) = value else { throw UsageError("the settings file \(filePath) must hold a JSON object") }
        for key in object.keys where Setting(rawValue: key) == nil {
            let known = Setting.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError("the settings file \(filePath) sets \"\(key.prefix(60))\", which is no setting; there are: \(known)")
        }
        file = object
    }

    static func home(_ environment: [String: String]) -> String {
        environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? FileManager.default.homeDirectoryForCurrentUser.path
    }

    func text(_ setting: Setting, flag: String?) throws -> String? {
        if let flag { return flag }
        if let value = environment[setting.environmentName], !value.isEmpty { return value }
        switch file[setting.rawValue] {
        case nil: return nil
        case .string(let text): return text
        case let other?: throw wrongType(setting, "a string", other)
        }
    }

    func list(_ setting: Setting, flags: [String]) throws -> [String] {
        if !flags.isEmpty { return flags }
        if let value = environment[setting.environmentName], !value.isEmpty, let separator = setting.separator {
            return value.split(separator: separator).map { $0.drop { $0 == " " } }.map(String.init)
        }
        switch file[setting.rawValue] {
        case nil: return []
        case .string(let text): return [text]
        case .array(let elements):
            return try elements.map { element in
                guard let text = element.string else { throw wrongType(setting, "a list of strings", element) }
                return text
            }
        case let other?: throw wrongType(setting, "a list of strings", other)
        }
    }

    /// - Parameter flag: `nil` where the command line says nothing.
    func isSet(_ setting: Setting, flag: Bool?, default value: Bool) throws -> Bool {
        if let flag { return flag }
        if let text = environment[setting.environmentName], !text.isEmpty {
            switch text.lowercased() {
            case "1", "true", "yes", "on": return true
            case "0", "false", "no", "off": return false
            default: throw UsageError("\(setting.environmentName) must be true or false, not \"\(text.prefix(40))\"")
            }
        }
        switch file[setting.rawValue] {
        case nil: return value
        case .bool(let flag): return flag
        case let other?: throw wrongType(setting, "true or false", other)
        }
    }

    private func wrongType(_ setting: Setting, _ wanted: String, _ value: JSONValue) -> UsageError {
        UsageError("\"\(setting.rawValue)\" in the settings file \(filePath) must be \(wanted), not \(value.kindName)")
    }
}
