"""How the script merges a page that was fetched again into the one that is shown."""

import json
from typing import Any

import pytest

pytestmark = pytest.mark.browser
MERGE = """
const [shown, fetched, done] = arguments;
import("/static/merge.js").then(({ merge }) => {
  const [here, there] = [shown, fetched].map((html) => {
    const root = document.createElement("div");
    root.innerHTML = html;
    return root;
  });
  document.body.append(here);
  for (const element of here.querySelectorAll("*")) element.wasThere = true;
  here.querySelector("[data-focus]")?.focus();
  for (const field of here.querySelectorAll("[data-typed]")) field.value = field.dataset.typed;
  merge(here, there);
  const kept = [...here.querySelectorAll("*")].filter((element) => element.wasThere);
  done({
    html: here.innerHTML,
    kept: kept.map((element) => element.id || element.nodeName),
    focus: document.activeElement.id,
    typed: [...here.querySelectorAll("input, select, textarea")].map((field) => field.value),
  });
}, (error) => done({ error: String(error) }));
"""


@pytest.fixture
def merge(browser, mock):
    browser.get(f"{mock.url}/login")

    def merged(shown: str, fetched: str) -> dict[str, Any]:
        answer: dict[str, Any] = browser.execute_async_script(MERGE, shown, fetched)
        assert "error" not in answer, json.dumps(answer)
        return answer

    return merged


def test_rows_are_known_again_by_their_id(merge):
    first = '<ul> <li id="b">B</li> <li id="a">A</li> </ul>'
    later = '<ul> <li id="c">C</li> <li id="b">B!</li> <li id="a">A</li> </ul>'
    answer = merge(first, later)
    assert answer["html"] == later
    assert answer["kept"] == ["UL", "b", "a"]


def test_what_is_gone_is_removed_and_the_rest_is_not_moved(merge):
    first = '<p id="a">A</p> <p id="b">B <a id="link" href="#" data-focus="">x</a></p> <p>tail</p>'
    later = '<p id="b">B <a id="link" href="#" data-focus="">y</a></p> <p>tail</p>'
    answer = merge(first, later)
    assert answer["html"] == later
    assert answer["focus"] == "link"


def test_what_changed_its_order_is_put_in_order(merge):
    later = '<p id="c">C</p><p id="a">A</p><p id="b">B</p>'
    answer = merge('<p id="a">A</p><p id="b">B</p><p id="c">C</p>', later)
    assert answer["html"] == later
    assert sorted(answer["kept"]) == ["a", "b", "c"]


def test_another_element_in_the_same_place_replaces_it(merge):
    assert merge("<p>No runs.</p>", "<table><tbody><tr></tr></tbody></table>")["kept"] == []


def test_what_somebody_is_using_stays(merge):
    first = '<details id="d"><summary>S</summary>old</details><b data-kept="">clear</b>'
    opened = first.replace('id="d"', 'id="d" open=""')
    answer = merge(opened, '<details id="d"><summary>S</summary>new</details><b>***</b>')
    assert 'open=""' in answer["html"]
    assert ">new</details>" in answer["html"].replace("</summary>", ">")
    assert "clear" in answer["html"]
    field = '<input id="q" value="a" data-focus="">'
    assert 'value="a"' in merge(field, '<input id="q" value="b">')["html"]


def test_forms_stay_when_what_stands_above_them_comes_and_goes(merge):
    form = '<form class="search"><input data-typed="half a sea"><input id="f" data-focus=""></form>'
    hints = '<p class="hint">First</p> <p class="hint">Second</p> '
    for before, after in ((hints, ""), ("", hints)):
        answer = merge(
            f'{before}{form} <p class="tabs">T</p>', f'{after}{form} <p class="tabs">T</p>'
        )
        assert answer["html"] == f'{after}{form} <p class="tabs">T</p>'
        assert answer["typed"] == ["half a sea", ""]
        assert answer["focus"] == "f"


def test_what_is_chosen_stays_so_when_other_options_come(merge):
    options = '<option value="">all</option><option value="b">B</option>'
    select = f'<select data-typed="b">{options}</select>'
    later = select.replace("</option>", '</option><option value="a">A</option>', 1)
    answer = merge(select, later)
    assert answer["html"] == later
    assert answer["typed"] == ["b"]


def test_a_new_row_stays_marked_when_it_is_merged_again(merge):
    rows = '<table><tbody><tr id="a"></tr></tbody></table>'
    marked = merge(rows, rows.replace("<tr", '<tr id="b"></tr><tr'))["html"]
    assert '<tr id="b" data-fresh="">' in marked
    assert merge(marked, marked.replace(' data-fresh=""', ""))["html"] == marked
