"""The server that this project began with, as to its socket: uvicorn on `::`, which asyncio makes an IPv6-only socket."""
import uvicorn


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"reached\n"})


uvicorn.run(app, host="::", port=8000)
