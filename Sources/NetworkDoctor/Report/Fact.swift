/// Something that was looked at, or why it was not: "not checked" is neither yes nor no.
package enum Fact<Value: Sendable & Hashable>: Sendable, Hashable {
    case known(Value)
    /// With the reason, as a person reads it behind `not checked: `.
    case notChecked(String)

    package var value: Value? {
        if case .known(let value) = self { value } else { nil }
    }

    package func map<New>(_ transform: (Value) -> New) -> Fact<New> {
        switch self {
        case .known(let value): .known(transform(value))
        case .notChecked(let reason): .notChecked(reason)
        }
    }
}
