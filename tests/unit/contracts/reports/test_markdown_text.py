"""Texts in Markdown: shown as they are, what is to be copied as code, and nobody is mentioned."""

import html
import re

import pytest
from markdown_it import MarkdownIt

from contracts.reports.markdown import code, text_and_command, with_code
from contracts.reports.texts import on_one_line, shown
from support.sample_report import HOSTILE

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
CODE = re.compile("<code>(.*?)</code>")
TEXTS = [
    shown(HOSTILE),
    "- x",
    "# x",
    "1. x",
    "12) x",
    "+ x",
    "---",
    "===",
    "> x",
    "<!-- x",
    "![x](y)",
    "~~x~~",
    "\\",
    "`",
    "`a/b` `@c`",
    "``a/b`c``",
    "&lt;",
    "a|b",
    "a/b|c",
    "<script>",
    "*a* _b_",
    "/close",
    "$.a)@team`$.b",
    "x_www.example",
    "'/a b'@team",
]


def rendered(text: str) -> str:
    return html.unescape(str(MARKDOWN.render(text)))


def as_item(text: str) -> str:
    return (
        rendered(f"- {with_code(text)}").removeprefix("<ul>\n<li>").removesuffix("</li>\n</ul>\n")
    )


def as_cell(text: str) -> str:
    table = f"| A | B |\n|---|---|\n| {with_code(text, in_table=True)} | b |\n"
    cells: list[str] = re.findall("<td>(.*?)</td>", rendered(table))
    assert cells[1:] == ["b"]
    return cells[0]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_shown_as_it_is_in_a_list_and_in_a_table(text: str):
    for shown_text in (as_item(text), as_cell(text)):
        assert CODE.sub(r"\1", shown_text) == on_one_line(text)


@pytest.mark.parametrize("text", TEXTS)
def test_code_is_shown_as_it_is(text: str):
    assert rendered(code(text)) == f"<p><code>{on_one_line(text)}</code></p>\n"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("$.person.name.firstName: is not there", ["$.person.name.firstName"]),
        ("the path $.a.*, which $..b", ["$.a.*", "$..b"]),
        ("at $['first name'][0].x.", ["$['first name'][0].x"]),
        ("at $.a[?@.name == 'a ] b'].c", ["$.a[?@.name == 'a ] b'].c"]),
        ("in kept/happy-path/counterexample, and ./x", ["kept/happy-path/counterexample", "./x"]),
        ("in '/tmp/my files/profiles.jsonl' and (a/b)", ["'/tmp/my files/profiles.jsonl'", "a/b"]),
        ("in 'my files/profiles.jsonl': it's", ["'my files/profiles.jsonl'"]),
        ("the attribute person.name.firstName.", ["person.name.firstName"]),
        ("dataflow.toml: Adobe's file of the team's", ["dataflow.toml"]),
        ("see https://x.example/a and www.x.example", ["https://x.example/a", "www.x.example"]),
        ("that of d***@e***.com, whose", ["d***@e***.com"]),
        (
            "@team, ask (@org/team): #12 and org/repo#12!",
            ["@team", "@org/team", "#12", "org/repo#12"],
        ),
        ("1.5 seconds, 3 of 4, 20 % of all. Then # more", []),
    ],
)
def test_paths_addresses_and_mentions_are_code(text: str, pieces: list[str]):
    assert CODE.findall(as_item(text)) == pieces
    assert CODE.findall(as_cell(text)) == pieces


@pytest.mark.parametrize(
    "text", [*TEXTS, "@a", "x @a,@b", "(@a)", "'@a", '"@a"', "*@a*", "d***@e***.com"]
)
def test_no_mention_is_left_where_a_code_host_looks_for_one(text: str):
    outside_code = CODE.sub("", as_item(text))
    assert not re.search(r"(^|\W)@\w|#\d", outside_code)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("its last call: cd '/a b' && curl -i", ("its last call:", "cd '/a b' && curl -i")),
        ("curl -sS \"$URL\" -d '{}'", ("", "curl -sS \"$URL\" -d '{}'")),
        ("curl is missing", ("curl is missing", "")),
        ("a curl line: none", ("a curl line: none", "")),
        ("a call: curl -i\nsecond", ("a call: curl -i\nsecond", "")),
    ],
)
def test_a_curl_line_stands_by_itself(text: str, parts: tuple[str, str]):
    assert text_and_command(text) == parts


@pytest.mark.parametrize("text", ["www.(1", "(www.(1", "x_www.(1"])
def test_no_text_becomes_a_link_where_a_code_host_makes_them_of_www(text: str):
    assert "www\\.(1" in with_code(text)
