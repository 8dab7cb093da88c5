"""Addresses of input files: which are sound, and where the files behind them lie on this computer."""

import hashlib
import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from .errors import InputError

_WEB = ("http", "https")


def is_url(value: object) -> bool:
    """Whether a value of the configuration is an address and no path, be it of a kind that is not supported."""
    return isinstance(value, str) and re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", value) is not None


def host_of(url: str) -> str:
    """Host of an address in lower case, with the port where it names one: ``hgdownload.soe.ucsc.edu``."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def local_name(url: str) -> str:
    """Path of a file below the folder of downloads: ``HOST/PATH``.

    Characters that could mean something to a shell, a file system or Snakemake become ``_``, the colon before a port
    too. What follows a ``?`` becomes a folder before the file's name, ``query-`` and eight digits of its checksum: two
    queries are two files, and none of their text, which may be long or secret, ends up in a path.

    Raises
    ------
    InputError
        The address is malformed, is none of the web, or leads out of the folder.
    """
    _refuse_malformed(url)
    parts = urlsplit(url)
    segments = [part for part in unquote(parts.path).split("/") if part]
    if {".", ".."} & set(segments):
        raise InputError(f"'{url}' holds the step '.' or '..'.", place=url, fix="write the address without it.")
    if max(map(len, segments)) > 200:
        raise InputError(
            f"'{url}' holds a name of more than 200 characters.", place=url, fix="fetch the file and name its path."
        )
    if parts.query:
        digits = hashlib.sha256(parts.query.encode()).hexdigest()[:8]
        segments.insert(-1, f"query-{digits}")
    return "/".join(re.sub(r"[^A-Za-z0-9.,+=@~_-]", "_", part) for part in [host_of(url), *segments])


def _refuse_malformed(url: str) -> None:
    problem, fix = None, "write it as https://HOST/PATH."
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise InputError(f"'{url}' is no address ({error}).", place=url, fix=fix) from None
    if parts.scheme == "ftp":
        problem, fix = "is of the kind ftp, which is not supported", "write https: most such servers answer to it too."
    elif parts.scheme not in _WEB:
        problem, fix = f"is of the kind {parts.scheme}, which is not supported", "give a path or an https address."
    elif re.search(r"[\s\\\x00-\x1f\x7f]", url):
        problem, fix = "holds a space, a backslash or a control character", "correct the address."
    elif not host or not re.fullmatch(r"[a-z0-9][a-z0-9._-]*|[0-9a-f:.]*:[0-9a-f:.]*", host):
        problem = "names no host"
    elif parts.username is not None:
        problem = "holds a user name, which logs would show"
        fix = "leave it out, and put name and password into the file .netrc of your home folder."
    elif parts.fragment:
        problem, fix = "names a place within a file (#)", "leave out what follows the '#'."
    elif not unquote(parts.path).rpartition("/")[2]:
        problem, fix = "names a folder", "name the file inside it."
    if problem:
        raise InputError(f"'{url}' {problem}.", place=url, fix=fix)


def path_of_file_url(url: str) -> str | None:
    """The path that an address such as ``file:///data/genome.fa`` means; None for any other address."""
    if not url.lower().startswith("file://"):
        return None
    host, path = urlsplit(url).netloc, urlsplit(url).path
    return url2pathname(path) if host in ("", "localhost") else None


def stand_in(url: str, mirror: dict[str, str] | None) -> str | None:
    """The folder that stands for the host of an address; None where no folder does."""
    return {host.lower(): folder for host, folder in (mirror or {}).items()}.get(host_of(url))


def mirrored(url: str, mirror: dict[str, str] | None) -> Path | None:
    """Where the folder that stands for the host of an address has its file; None where no folder does."""
    folder = stand_in(url, mirror)
    return None if folder is None else Path(folder, *PurePosixPath(local_name(url)).parts[1:])


def clash(urls: list[str]) -> tuple[str, str] | None:
    """Two different addresses whose files would be one, or one of them a folder of the other; None where all differ."""
    seen = {}
    for url in dict.fromkeys(urls):
        other = seen.setdefault(local_name(url), url)
        if other != url:
            return other, url
    for name, url in seen.items():
        for parent in PurePosixPath(name).parents:
            if str(parent) in seen:
                return seen[str(parent)], url
    return None
