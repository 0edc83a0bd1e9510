import JSON
import MCPCore
import Synchronization

/// What clients may read.
enum FixtureResources {
    static let all: [Resource] = [staticText, staticBinary]
    static let templates: [ResourceTemplate] = [data]

    private static let staticText = text(
        "test://static-text", name: "static-text", description: "A text that never changes.",
        "This is the content of the static text resource.")

    private static let staticBinary = Resource(
        uri: "test://static-binary", name: "static-binary", title: "Static binary", description: "A picture that never changes.",
        mimeType: "image/png"
    ) { _ in
        [ResourceContents(uri: "test://static-binary", mimeType: "image/png", body: .blob(SampleMedia.png))]
    }

    /// Every id of letters and digits is a resource: none of them is listed, and any may be read. Other ids would have to be encoded again to
    /// stand in a URI, so they name nothing.
    private static let data = ResourceTemplate(
        uriTemplate: "test://template/{id}/data", name: "template-data", title: "Data by id", description: "Says which id was asked for.",
        mimeType: "application/json",
        completions: [
            "id": { value, _, _ in
                let known = (100..<200).map(String.init)
                return Completions(known.filter { $0.hasPrefix(value) })
            }
        ]
    ) { variables, _ in
        guard let id = variables["id"], id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else { return nil }
        let value: JSONValue = ["id": .string(id), "templateTest": true, "data": .string("Data for ID: \(id)")]
        return [
            ResourceContents(uri: "test://template/\(id)/data", mimeType: "application/json", body: .text(value.description))
        ]
    }

    private static func text(_ uri: String, name: String, description: String, _ text: String) -> Resource {
        Resource(uri: uri, name: name, description: description, mimeType: "text/plain", size: text.utf8.count) { _ in
            [ResourceContents(uri: uri, mimeType: "text/plain", body: .text(text))]
        }
    }
}

/// A resource that changes while somebody looks.
final class WatchedResource: Sendable {
    static let uri = "test://watched-resource"
    private let changes = Mutex(0)

    func change() { changes.withLock { $0 += 1 } }

    var resource: Resource {
        Resource(
            uri: Self.uri, name: "watched-resource", title: "Watched resource",
            description: "Changes whenever test_trigger_resource_change is called.", mimeType: "text/plain"
        ) { _ in
            let count = self.changes.withLock { $0 }
            return [ResourceContents(uri: Self.uri, mimeType: "text/plain", body: .text("Watched resource, changed \(count) times."))]
        }
    }
}
