import JSON
import Redaction
import Testing

/// Recall and precision on the published corpus (Tests/RedactionTests/Corpus).
@Suite("Corpus of credentials")
struct CorpusTests {
    private let redactor: Redactor

    init() throws {
        redactor = try Redactor(key: [UInt8](repeating: 7, count: 32))
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `at least 99 of 100 secrets are found, and what stands round them stays`(seed: UInt64) throws {
        let positives = try Positive.all(seed: seed)
        var missed: [Positive] = []
        var misnamed = 0
        var blurred = 0
        for positive in positives {
            let result = redactor.redact(positive.text).value
            if holds(result, partOf: positive.secret) {
                missed.append(positive)
            } else {
                if !result.contains("[redacted:\(positive.shape):") { misnamed += 1 }
                if !(result.hasPrefix(positive.before + "[redacted:") && result.hasSuffix("]" + positive.after)) { blurred += 1 }
            }
        }
        let recall = Double(positives.count - missed.count) / Double(positives.count)
        print(
            "counted: seed \(seed): \(positives.count - missed.count) of \(positives.count) secrets found (\(recall)), \(misnamed) under another "
                + "name, \(blurred) with some of what stood beside them")
        for positive in missed.prefix(40) { print("missed: \(positive.shape) as \(positive.surrounding): \(positive.text.debugDescription)") }
        #expect(recall >= 0.99)
        #expect(Double(misnamed) <= 0.02 * Double(positives.count))
        #expect(Double(blurred) <= 0.01 * Double(positives.count))
    }

    /// Whether 8 characters of the secret that stand together in it are left.
    private func holds(_ result: String, partOf secret: String) -> Bool {
        let bytes = Array(secret.utf8)
        guard bytes.count > 8 else { return result.contains(secret) }
        // The head of many tokens names the issuer and is no secret; the tail is.
        let tail = String(decoding: bytes.suffix(8), as: UTF8.self)
        return result.contains(tail)
    }

    @Test func `every shape has four positives or more`() throws {
        var counts: [String: Int] = [:]
        for positive in try Positive.all(seed: 1) { counts[positive.shape, default: 0] += 1 }
        let shapes = ShapeRow.all.map(\.shape.rawValue)
        #expect(shapes.filter { counts[$0, default: 0] < 4 } == [])
        #expect(Set(counts.keys).subtracting(shapes) == [])
        #expect(shapes.count >= 60)
        #expect(Set(shapes).count == shapes.count)
        print("counted: \(shapes.count) shapes")
    }

    @Test func `no near miss is redacted`() throws {
        var draw = TokenDraw(seed: 4)
        let rows = try CorpusFile.rows("near-misses")
        #expect(rows.count >= 200)
        var wrong = 0
        for row in rows {
            let template = try CorpusFile.text(row, "text")
            for _ in 0..<(template.contains("<") ? 8 : 1) {
                let text = draw.expand(template)
                let result = redactor.redact(text).value
                if result != text { wrong += 1 }
                #expect(result == text, "\(row["why"]?.string ?? "")")
            }
        }
        print("counted: \(wrong) of \(rows.count) near misses redacted")
    }

    @Test func `megabytes of base64 hold no token`() {
        var draw = TokenDraw(seed: 5)
        for kind in ["b64", "url", "hex", "alnum"] {
            let text = draw.expand("<2000000:\(kind)>")
            var counts = RedactionCounts()
            _ = redactor.redact(text, counting: &counts)
            #expect(counts.total == 0, "\(kind): \(counts.byShape)")
        }
    }

    @Test func `redacting the corpus twice changes nothing`() throws {
        for positive in try Positive.all(seed: 6) {
            let once = redactor.redact(positive.text).value
            #expect(redactor.redact(once).value == once)
        }
    }

    @Test func `every positive is found as the value of a JSON object too`() throws {
        var missed = 0
        var count = 0
        for positive in try Positive.all(seed: 7) {
            let result = try redactor.redact(["type": "user", "message": ["content": [["type": "text", "text": .string(positive.text)]]]])
            count += 1
            if holds(result.text.value, partOf: positive.secret) { missed += 1 }
        }
        #expect(Double(missed) <= 0.01 * Double(count), "\(missed) of \(count)")
    }
}
