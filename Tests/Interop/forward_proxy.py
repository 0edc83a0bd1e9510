"""An HTTP forward proxy, as companies have one: takes absolute-form requests, sends each on and passes the answer back as it comes.

Arguments: ADDRESS PORT. Prints "ready", then each request line as it arrived.
"""
import http.client
import http.server
import socketserver
import sys
import urllib.parse

HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def forward(self):
        print(self.requestline, flush=True)
        self.close_connection = True
        target = urllib.parse.urlsplit(self.path)
        if target.scheme != "http":
            self.send_error(400, "this proxy takes absolute http:// URLs alone")
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        connection = http.client.HTTPConnection(target.hostname, target.port or 80)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        headers["Via"] = "1.1 a-proxy"
        try:
            connection.request(self.command, urllib.parse.urlunsplit(("", "", target.path or "/", target.query, "")), body, headers)
            answer = connection.getresponse()
        except OSError as error:
            self.send_error(502, f"cannot reach {target.netloc}: {error}")
            return
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        # read1 gives what is there: an event must not wait for the next one.
        while part := answer.read1(65536):
            try:
                self.wfile.write(part)
            except OSError:
                return  # the client has left; closing ends the other side
        connection.close()

    do_GET = do_POST = do_DELETE = do_HEAD = do_OPTIONS = forward

    def log_message(self, format, *arguments):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


server = Server((sys.argv[1], int(sys.argv[2])), Proxy)
print("ready", flush=True)
server.serve_forever()
