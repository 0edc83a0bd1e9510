import JSON
import Testing

@Suite("JSON value")
struct JSONValueTests {
    @Test func `accessors give a value of their kind and nothing else`() {
        let value: JSONValue = [
            "s": "x", "i": 3, "d": 4.0, "h": 4.5, "b": true, "n": nil, "a": [1], "o": ["k": "v"], "big": .number("1e400"),
        ]
        #expect(value["s"]?.string == "x")
        #expect(value["i"]?.string == nil)
        #expect(value["i"]?.integer == 3)
        #expect(value["d"]?.integer == 4)
        #expect(value["h"]?.integer == nil)
        #expect(value["i"]?.double == 3)
        #expect(value["big"]?.double == nil)
        #expect(value["b"]?.bool == true)
        #expect(value["i"]?.bool == nil)
        #expect(value["n"]?.isNull == true)
        #expect(value["a"]?.array == [1])
        #expect(value["o"]?["k"] == "v")
        #expect(value["a"]?["k"] == nil)
        #expect(value["missing"] == nil)
        #expect(JSONValue.double(1e300).integer == nil)
    }

    @Test func `an object keeps its order and changes in place`() {
        var object: JSONObject = ["b": 1, "a": 2]
        object["c"] = 3
        object["b"] = 4
        #expect(object.keys == ["b", "a", "c"])
        #expect(object["b"] == 4)
        object["a"] = nil
        #expect(object.keys == ["b", "c"])
        object["absent"] = nil
        #expect(object.count == 2)
    }

    @Test func `of two members with one key the last counts, also when it is set or removed`() {
        var object = JSONObject([.init(key: "a", value: 1), .init(key: "a", value: 2)])
        #expect(object["a"] == 2)
        object["a"] = 3
        #expect(object.members.map(\.value) == [1, 3])
        object["a"] = nil
        #expect(object["a"] == nil)
    }

    @Test func `kinds have names for sentences`() {
        #expect((["x": 1] as JSONValue).kindName == "an object")
        #expect(JSONValue.number("1e400").kindName == "a number")
        #expect(JSONValue.null.kindName == "null")
    }
}
