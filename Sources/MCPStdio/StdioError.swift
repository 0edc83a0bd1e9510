/// Why a conversation over two descriptors could not go on.
public struct StdioError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was attempted.
    public enum Operation: String, Sendable, Hashable {
        case read
        case write
        case prepare
    }

    /// What was attempted.
    public var operation: Operation
    /// The error number of the system.
    public var number: CInt

    /// An error with its parts.
    public init(_ operation: Operation, number: CInt) {
        self.operation = operation
        self.number = number
    }

    /// One sentence for a log; never for the client, which has no channel left.
    public var description: String {
        switch operation {
        case .read: "cannot read requests from the client: system error \(number)"
        case .write: "cannot write to the client: system error \(number)"
        case .prepare: "cannot open the pipe that ends a conversation: system error \(number)"
        }
    }
}
