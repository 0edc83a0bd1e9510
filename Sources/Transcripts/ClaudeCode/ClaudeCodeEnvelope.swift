import MemoryModel
import Redaction

// What records of every type may carry beside their content.
extension ClaudeCodeInterpreter {
    static func readEnvelope(_ line: RedactedJSON, into record: inout TranscriptRecord) {
        guard let members = line.members else { return }
        for (key, value) in members {
            switch key.value {
            case "uuid": record.id = identifier(value)
            case "parentUuid": record.parent = identifier(value)
            case "logicalParentUuid": record.logicalParent = identifier(value)
            case "sessionId": record.session = identifier(value)
            case "timestamp": record.time = value.string.flatMap { Timestamp($0.value) }
            case "cwd": record.project = nonEmpty(value)
            case "gitBranch": record.branch = nonEmpty(value)
            case "version": record.clientVersion = nonEmpty(value)
            case "slug": record.slug = nonEmpty(value)
            case "userType": record.userType = nonEmpty(value)
            case "isSidechain": record.isSidechain = value.bool ?? false
            case "agentId": record.agentID = identifier(value)
            case "isMeta": record.isMeta = value.bool ?? false
            case "requestId": record.requestID = identifier(value)
            case "forkedFrom" where value.isObject:
                record.forkedFrom = TranscriptRecord.Fork(
                    session: value["sessionId"].flatMap(identifier), message: value["messageUuid"].flatMap(identifier))
            default: break
            }
        }
    }

    static func identifier(_ value: RedactedJSON) -> RedactedText? { value.identifier }

    static func nonEmpty(_ value: RedactedJSON) -> RedactedText? { value.nonEmpty }
}
