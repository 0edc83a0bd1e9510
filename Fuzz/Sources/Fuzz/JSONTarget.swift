import FuzzRun
import JSON

/// What reads must write, and read back as the same value from bytes that write the same again.
struct JSONTarget: FuzzTarget {
    private let strict = JSONReader()
    private let lenient = JSONReader(loneSurrogates: .replace, refusesDuplicateKeys: false)

    func run(_ bytes: [UInt8]) {
        let value = read(bytes, strict)
        let loose = read(bytes, lenient)
        if let value {
            guard loose == value else { found("the lenient reader read something else than the strict one") }
            check(value, strict)
        }
        if let loose { check(loose, lenient) }
    }

    private func read(_ bytes: [UInt8], _ reader: JSONReader) -> JSONValue? {
        do throws(JSONError) { return try reader.read(bytes) } catch {
            guard (0...bytes.count).contains(error.offset) else { found("an error at byte \(error.offset) of \(bytes.count)") }
            guard !error.description.isEmpty else { found("an error without a description") }
            return nil
        }
    }

    private func check(_ value: JSONValue, _ reader: JSONReader) {
        let written = JSONWriter.bytes(of: value)
        show(written)
        guard !written.contains(where: { $0 < 0x20 }) else { found("a control character in compact JSON, which a line of a stream cannot hold") }
        do throws(JSONError) {
            let again = try reader.read(written)
            guard again == value else { found("read back as another value") }
            // Equal strings may differ in their bytes (Unicode equivalence), so equality alone is not enough.
            guard JSONWriter.bytes(of: again) == written else { found("written in two ways") }
        } catch {
            found("what was written does not read back: \(error)")
        }
    }
}
