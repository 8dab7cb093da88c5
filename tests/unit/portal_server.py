"""A stand-in for the ENCODE portal on the loopback interface, and tables in the format of its gene quantifications."""

import hashlib
import json
import re
import sys
import threading
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
        Content by accession.
    metadata : dict of str to dict
        Records by accession; :meth:`put` makes them.
    ranges : bool
        Whether parts of files are given away.
    plan : dict of str to deque
        What happens to the next requests for a file instead: ``(status, headers)``, or the number of bytes after which
        the connection is cut.
    requests : list of (str, dict)
        Path and headers of every request, redirected ones once.
    """

    def __init__(self):
        self.files, self.metadata, self.ranges = {}, {}, True
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
        if not file or file[1] not in portal.files:
            return self.reply(404, b"<html>not here</html>", {"Content-Type": "text/html"})
        portal.count(1)
        try:
            return self.send_file(file[1])
        finally:
            portal.count(-1)

    def send_file(self, accession: str) -> None:
        content = self.portal.files[accession]
        planned = self.portal.plan[accession].popleft() if self.portal.plan[accession] else None
        if isinstance(planned, tuple):
            return self.reply(planned[0], b"", planned[1])
        start, status, headers = 0, 200, {"Content-Type": "binary/octet-stream"}
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if asked and self.portal.ranges:
            start, status = int(asked[1]), 206
            if start >= len(content):
                return self.reply(416, b"", {"Content-Range": f"bytes */{len(content)}"})
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        return self.reply(status, content[start:], headers, planned)

    def reply(self, status: int, body: bytes, headers: dict[str, str], cut: int | None = None) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[:cut])
        if cut is not None:
            self.wfile.flush()
            self.close_connection = True
