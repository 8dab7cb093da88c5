"""A page of the site as a browser would read it."""

import re
from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "link", "img", "input", "br"}


class Page(HTMLParser):
    """What a browser would make of a page: its elements, attributes, text and links."""

    def __init__(self, path: Path):
        super().__init__()
        self.path, self.open, self.tags, self.text, self.links = path, [], [], [], []
        self.scripts, self.styles = [], []
        self.feed(path.read_text())
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name in ("href", "src") and not value.startswith("#"):
                self.links.append(value)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"{self.path}: {tag} at {self.getpos()}"

    def handle_data(self, data):
        within = {"script": self.scripts, "style": self.styles}
        within.get(self.open[-1] if self.open else "", self.text).append(data)

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.text))

    @property
    def cells(self) -> str:
        """The same with a space between the texts of different elements, as between the cells of a table."""
        return re.sub(r"\s+", " ", " ".join(self.text))
