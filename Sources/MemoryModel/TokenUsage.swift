/// The tokens of one reply of a model, as its provider counted them.
package struct TokenUsage: Sendable, Hashable {
    package var input: Int64
    package var output: Int64
    package var cacheCreation: Int64
    package var cacheRead: Int64

    package init(input: Int64 = 0, output: Int64 = 0, cacheCreation: Int64 = 0, cacheRead: Int64 = 0) {
        self.input = input
        self.output = output
        self.cacheCreation = cacheCreation
        self.cacheRead = cacheRead
    }
}
