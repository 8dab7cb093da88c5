"""Addresses of input files: what is refused and why, and where the others lie."""

from pathlib import Path

import pytest

from cisformula import input_urls
from cisformula.errors import InputError

QUERY = "query-27c97122"  # sha256sum of download=1


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (
            "https://hgdownload.soe.ucsc.edu/goldenPath/hg38/bigZips/hg38.fa.gz",
            "hgdownload.soe.ucsc.edu/goldenPath/hg38/bigZips/hg38.fa.gz",
        ),
        ("HTTP://A.Org/Genome.FA", "a.org/Genome.FA"),
        ("http://127.0.0.1:8080/x", "127.0.0.1_8080/x"),
        ("http://[::1]:80/x", "___1__80/x"),
        ("https://a.org//x///y", "a.org/x/y"),
        ("https://a.org/files/x.gz?download=1", f"a.org/files/{QUERY}/x.gz"),
        ("https://a.org/x?a=../../y&b=/z", "a.org/query-beb697a2/x"),
        ("https://a.org/a%20b%2Bc/@@d/e=f,~g", "a.org/a_b+c/@@d/e=f,~g"),
        ("https://a.org/{dataset}/$(x);`y`'*", "a.org/_dataset_/__x___y___"),
        ("https://a.org/%252e%252e/x", "a.org/_2e_2e/x"),
        ("https://a.org/é%00", "a.org/__"),
    ],
)
def test_place_of_a_file(url, name):
    assert input_urls.is_url(url)
    assert input_urls.local_name(url) == name


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("ftp://a.org/x", "ftp, which is not supported"),
        ("s3://a/x", "s3, which is not supported"),
        ("https:///x", "names no host"),
        ("https://../x", "names no host"),
        ("https://-a/x", "names no host"),
        ("https://a/b:80/x", None),
        ("https://a.org:99999/x", "is no address"),
        ("https://a.org:x/x", "is no address"),
        ("https://[::1/x", "is no address"),
        ("https://a.org", "names a folder"),
        ("https://a.org/x/", "names a folder"),
        ("https://a.org/?x", "names a folder"),
        ("https://a.org/x%2F", "names a folder"),
        ("https://a.org/../x", "step"),
        ("https://a.org/x/..", "step"),
        ("https://a.org/%2e%2E/x", "step"),
        ("https://a.org/y%2f..%2f..%2fx", "step"),
        ("https://a.org/./x", "step"),
        ("https://a.org/x y", "holds a space"),
        ("https://a.org/x\ny", "holds a space"),
        ("https://a.org/..\\x", "backslash"),
        ("https://me:secret@a.org/x", "user name"),
        ("https://a.org/x#y", "place within a file"),
        (f"https://a.org/{'x' * 201}", "more than 200 characters"),
    ],
)
def test_addresses_that_are_refused(url, expected):
    assert input_urls.is_url(url)
    if expected is None:
        assert input_urls.local_name(url) == "a/b_80/x"
        return
    with pytest.raises(InputError, match=expected) as caught:
        input_urls.local_name(url)
    assert caught.value.place == url
    assert caught.value.fix.endswith(".")


@pytest.mark.parametrize("value", ["data/genome.fa", "/data/x", "results/a:b//c", "C:/x", "", None, 3])
def test_paths_are_no_addresses(value):
    assert not input_urls.is_url(value)


def test_address_of_a_file_on_this_computer():
    assert input_urls.path_of_file_url("file:///data/my%20genome.fa") == "/data/my genome.fa"
    assert input_urls.path_of_file_url("FILE://localhost/x") == "/x"
    assert input_urls.path_of_file_url("file://elsewhere/x") is None
    assert input_urls.path_of_file_url("https://a.org/x") is None


def test_mirror_holds_files_under_the_path_of_their_address():
    mirror = {"A.org": "/data/a", "a.org:8080": "/data/b"}
    assert input_urls.mirrored("https://a.ORG/x/y.gz", mirror) == Path("/data/a/x/y.gz")
    assert input_urls.mirrored("https://a.org:8080/x?download=1", mirror) == Path(f"/data/b/{QUERY}/x")
    assert input_urls.mirrored("https://b.org/x", mirror) is None
    assert input_urls.mirrored("https://a.org/x", None) is None


@pytest.mark.parametrize(
    ("urls", "pair"),
    [
        (["https://a.org/x", "https://a.org/y", "https://a.org/x"], None),
        (["https://a.org/x?1", "https://a.org/x?2"], None),
        (["https://a.org/x", "http://a.org/x"], (0, 1)),
        (["https://a.org/x+y", "https://a.org/x%20y", "https://a.org/x_y"], (1, 2)),
        (["https://a.org/x/y", "https://a.org/x"], (1, 0)),
    ],
)
def test_two_addresses_of_one_file(urls, pair):
    assert input_urls.clash(urls) == (pair and tuple(urls[index] for index in pair))
