"""Light Markdown: what people type, read into a small tree, and written as HTML or plain text.

The stored text is always the text as typed. Reading never fails: what is no Markdown, or too much of it, is text.
"""

from ethiek.markup.reading import lines_of, plain, read, read_inline
from ethiek.markup.tree import (
    Block,
    BulletList,
    Emphasis,
    Inline,
    LineBreak,
    Link,
    NumberedList,
    Paragraph,
    Strong,
    Table,
    Text,
)
from ethiek.markup.writing import Dress, to_html, to_text

__all__ = [
    "Block",
    "BulletList",
    "Dress",
    "Emphasis",
    "Inline",
    "LineBreak",
    "Link",
    "NumberedList",
    "Paragraph",
    "Strong",
    "Table",
    "Text",
    "lines_of",
    "plain",
    "read",
    "read_inline",
    "to_html",
    "to_text",
]
