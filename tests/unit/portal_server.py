"""A stand-in for the ENCODE portal on the loopback interface, and tables in the format of its gene quantifications.

It serves any other file as well, and misbehaves as it is told to.
"""

import hashlib
import json
import re
import sys
import threading
import time
from collections import defaultdict, deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HEADER = [
    *("gene_id", "transcript_id(s)", "length", "effective_length", "expected_count", "TPM", "FPKM"),
    *("posterior_mean_count", "posterior_standard_deviation_of_count", "pme_TPM", "pme_FPKM"),
    *("TPM_ci_lower_bound", "TPM_ci_upper_bound", "FPKM_ci_lower_bound", "FPKM_ci_upper_bound"),
]


def quantification(tpm: dict[str, float | str]) -> bytes:
    """A gene quantification by RSEM with these values; the other columns hold something of the right kind."""
    lines = ["\t".join(HEADER)]
    for gene, value in tpm.items():
        columns = [gene, f"{gene}-tr", "94.00", "93.50", "3.00", str(value), "0.07", *["1.25"] * (len(HEADER) - 7)]
        lines.append("\t".join(columns))
    return ("\n".join(lines) + "\n").encode()


class Portal:
    """The portal: metadata, and files that it redirects to another address.

    Attributes
    ----------
    files : dict of str to bytes
        Content by accession or, where it begins with a slash, by path.
    metadata : dict of str to dict
        Records by accession; :meth:`put` makes them.
    ranges : bool
        Whether parts of files are given away.
    tags : bool
        Whether the server tells versions of a file apart (ETag, If-Range).
    plan : dict of str to deque
        What happens to the next requests for a file instead: ``(status, headers)``; the number of bytes after which
        the connection is cut; or changes of what is done otherwise: ``{"length": bytes}`` that are said to come,
        ``{"stall": bytes}`` after which nothing comes for a second, ``{"careless": True}`` about the version that is
        asked for, ``{"headers": ...}``.
    requests : list of (str, dict)
        Path and headers of every request, redirected ones once.
    """

    def __init__(self):
        self.files, self.metadata, self.ranges, self.tags = {}, {}, True, False
        self.plan, self.requests = defaultdict(deque), []
        self.open, self.most_open, self._lock = 0, 0, threading.Lock()
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"portal": self}))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def put(self, accession: str, content: bytes, **metadata: str) -> None:
        """Publish a file, with metadata."""
        self.files[accession] = content
        record = {"accession": accession, "assembly": "GRCh38", "genome_annotation": "V29"}
        self.metadata[accession] = record | {"md5sum": hashlib.md5(content).hexdigest()} | metadata

    def downloads(self) -> list[tuple[str, str | None]]:
        """Accession and range of each request for a file."""
        found = [(re.fullmatch(r"/bucket/(\w+)\.tsv", path), headers) for path, headers in self.requests]
        return [(match[1], headers.get("Range")) for match, headers in found if match]

    def ranges_of(self, path: str) -> list[str | None]:
        """Range of each request for a path."""
        return [headers.get("Range") for requested, headers in self.requests if requested == path]

    def count(self, change: int) -> None:
        """Count a download that begins (1) or ends (-1)."""
        with self._lock:
            self.open += change
            self.most_open = max(self.most_open, self.open)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Say nothing when a client hangs up, as it may."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    portal: Portal

    def log_message(self, *_):
        pass

    def do_GET(self):
        portal, path = self.portal, self.path
        download = re.fullmatch(r"/files/(\w+)/@@download/\1\.tsv", path)
        if download:
            return self.reply(307, b"", {"Location": f"/bucket/{download[1]}.tsv"})
        portal.requests.append((path, dict(self.headers)))
        record = re.fullmatch(r"/files/(\w+)/\?frame=object&format=json", path)
        if record and record[1] in portal.metadata:
            return self.reply(
                200, json.dumps(portal.metadata[record[1]]).encode(), {"Content-Type": "application/json"}
            )
        file = re.fullmatch(r"/bucket/(\w+)\.tsv", path)
        name = file[1] if file else path
        if name not in portal.files:
            return self.reply(404, b"<html>not here</html>", {"Content-Type": "text/html"})
        portal.count(1)
        try:
            return self.send_file(name)
        finally:
            portal.count(-1)

    def send_file(self, name: str) -> None:
        content = self.portal.files[name]
        planned = self.portal.plan[name].popleft() if self.portal.plan[name] else {}
        if isinstance(planned, tuple):
            return self.reply(planned[0], b"", planned[1])
        if isinstance(planned, int):
            planned = {"cut": planned}
        start, status, headers = 0, 200, {"Content-Type": "binary/octet-stream"}
        tag = f'"{hashlib.md5(content).hexdigest()}"'
        if self.portal.tags:
            headers["ETag"] = tag
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        same = "careless" in planned or self.headers.get("If-Range", tag) == tag
        if asked and self.portal.ranges and same:
            start, status = int(asked[1]), 206
            if start >= len(content):
                return self.reply(416, b"", {"Content-Range": f"bytes */{len(content)}"})
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        return self.reply(status, content[start:], headers, planned)

    def reply(self, status: int, body: bytes, headers: dict[str, str], planned: dict | None = None) -> None:
        planned = planned or {}
        headers = {**headers, "Content-Length": str(planned.get("length", len(body))), **planned.get("headers", {})}
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if "stall" in planned:
            self.wfile.write(body[: planned["stall"]])
            time.sleep(1)
            body = body[planned["stall"] :]
        self.wfile.write(body[: planned.get("cut")])
        if planned:
            self.wfile.flush()
            self.close_connection = True
