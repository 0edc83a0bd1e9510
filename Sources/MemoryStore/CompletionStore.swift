package import MemoryModel

/// What a name may go on to once a person has typed its start. Each call reads a range of an index, up to its limit.
package protocol CompletionStore: Sendable {
    /// Ids of messages that begin so, in their own order; echoes of magenta itself are left out.
    func messageIDs(startingWith prefix: String, limit: Int) async throws(StoreError) -> [String]

    /// Windows whose number begins with these digits, the highest first: numbers count up as windows are stored. All for no digits;
    /// none for what is no number.
    func windowIDs(startingWith digits: String, limit: Int) async throws(StoreError) -> [WindowID]

    /// Projects by the last component of their directory or, where the prefix holds a separator, by the directory; in their own order.
    func projects(startingWith prefix: String, limit: Int) async throws(StoreError) -> [String]
}
