import FuzzRun

switch variable("FUZZ_TARGET") ?? "" {
case "json": FuzzRun.run(JSONTarget())
case "server": FuzzRun.run(ServerTarget())
case "schema": FuzzRun.run(SchemaTarget())
case let name: found("no target is called \"\(name)\"; there are json, server and schema")
}
