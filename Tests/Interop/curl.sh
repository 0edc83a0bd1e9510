#!/bin/sh
# curl.sh http|sse URL [HEADER]: asks the server for a message about a zebra, by curl alone, and prints what came.
set -eu
tool='"name":"search_messages","arguments":{"query":"zebra","limit":3}'
header=${3:-X-Nothing: more}
post() { # URL MESSAGE [HEADER...]
    url=$1
    message=$2
    shift 2
    curl -gsS --fail-with-body -m 20 -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' -H "$header" "$@" -d "$message" "$url"
}

if [ "$1" = http ]; then
    about='"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},
        "io.modelcontextprotocol/clientInfo":{"name":"curl","version":"1"}'
    post "$2" "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{$tool,\"_meta\":{$about}}}" \
        -H 'MCP-Protocol-Version: 2026-07-28' -H 'Mcp-Method: tools/call' -H 'Mcp-Name: search_messages'
    exit
fi

events=$(mktemp)
curl -gsSN --fail-with-body -m 20 -H 'Accept: text/event-stream' -H "$header" "$2" >"$events" &
stream=$!
trap 'kill $stream 2>/dev/null; rm -f "$events"' EXIT
# Waits for an event with these words, while the stream lasts.
await() { while ! grep -q "$1" "$events"; do kill -0 $stream; sleep 0.05; done; }
await '^data:'
endpoint=$(sed -n 's/^data: *//p' "$events" | head -n 1 | tr -d '\r')
host=${2#http://}
place=http://${host%%/*}$endpoint
post "$place" '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2024-11-05","capabilities":{},"clientInfo":{"name":"curl","version":"1"}}}'
await serverInfo
post "$place" '{"jsonrpc":"2.0","method":"notifications/initialized"}'
post "$place" "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{$tool}}"
await '"id":1[,}]'
cat "$events"
