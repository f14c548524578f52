"""The map page as a reader uses it: in a real browser, by mouse and by keyboard, in both languages, on a phone."""

from importlib.resources import files

import numpy as np
import pytest

from bayesmodel import aggregate, expected, map_page, use
from bayesmodel.report.joint_draws import few_of
from bayesmodel.report.map_content import DRAWS
from benchmarks.map_keyboard import failed_steps

READY = "body[data-ready=yes]"


@pytest.fixture(scope="module")
def path(fit, shapes, tmp_path_factory):
    return map_page(fit, shapes).write(tmp_path_factory.mktemp("page") / "map.html")


@pytest.fixture
def page(browser, path):
    """The page, opened from disk; whatever goes wrong in it fails the test."""
    opened = browser.new_page(viewport={"width": 1200, "height": 900})
    wrong = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    opened.on(
        "request", lambda asked: wrong.append(asked.url) if not asked.url.startswith(("file:", "blob:")) else None
    )
    opened.goto(path.as_uri())
    opened.wait_for_selector(READY, state="attached")
    yield opened
    opened.close()
    assert not wrong


def card(page):
    return page.inner_text("#card")


def search(page, text):
    page.fill("#search", text)
    page.press("#search", "Enter")
    page.dispatch_event("#search", "change")


def test_names_are_text_and_nothing_of_them_runs(page, fit):
    search(page, "WK000100")
    assert "<img src=x" in card(page)
    assert page.evaluate("document.body.dataset.attacked") is None
    search(page, "Sint Jânsgea & 't Hûs </script>")
    assert "WK000101" in card(page)


@pytest.mark.parametrize(
    ("text", "chosen"),
    [("wk000201", [4]), ("GM0001", [0, 1, 2]), ("(gm0002", [3, 4, 5]), ("wijk", []), ("WK9", [])],
)
def test_a_search_takes_codes_names_and_groups_where_one_is_meant(page, text, chosen):
    search(page, text)
    assert sorted(page.evaluate("[...chosen]")) == chosen


def test_a_click_chooses_and_a_second_stands_beside_it(page):
    page.click("#a4")
    assert "WK000201" in card(page)
    page.click("#a5", modifiers=["Shift"])
    assert "WK000202" in card(page)
    assert "2 gebieden samen" in card(page)


def test_a_hidden_count_has_bounds_and_is_hatched(page):
    search(page, "WK000102")
    assert "verborgen: 0 tot en met 9" in card(page)
    assert page.locator("[data-hatch='2']").count() == 1


@pytest.mark.parametrize("areas", [[0, 1, 4], [1, 2, 3, 7], list(range(16)), [2, 5]])
def test_a_set_adds_up_as_in_python(page, fit, areas):
    """As the draws of the page add up, which differ from all draws only by rounding to wide steps."""
    people = fit.counts.population[areas] / fit.counts.population[areas].sum()
    shares = (use(fit, "underlying", "share"), expected(fit, "determinants", "share"))
    level, given = (100 * few_of(np.nan_to_num(each.samples), DRAWS)[:, areas] @ people for each in shares)
    found = page.evaluate("(areas) => addedUp(areas, 'determinants')", areas)
    for name, draws in (("use", level), ("expected", given), ("difference", level - given)):
        python = [draws.mean(), *np.quantile(draws, [0.05, 0.95])]
        assert np.allclose(found[name], python, atol=0.04), name
        assert found[name][0] == pytest.approx(draws.mean(), abs=1e-4), name
    codes = {"set": [str(fit.counts.areas.codes[area]) for area in areas]}
    whole = aggregate(fit, codes, "difference.underlying.determinants", "points").summary()
    assert np.allclose(found["difference"], whole[["mean", "lower", "upper"]].to_numpy()[0], atol=0.5)
    counts = aggregate(fit, codes, "use.actual", "count").samples
    assert found["actual"][0] == pytest.approx(counts.mean(), rel=0.03)
    if len(areas) == len(fit.counts):
        assert found["chances"] is None
    else:
        assert found["above"] == pytest.approx((level > given).mean(), abs=0.012)


def test_drawing_around_areas_chooses_those_inside(page):
    page.click("#lasso")
    middle = page.locator("#a5").bounding_box()
    left, right = middle["x"] - 8, middle["x"] + middle["width"] + 8
    top, low = middle["y"] - 8, middle["y"] + middle["height"] + 8
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, low), (left, low), (left, top)):
        page.mouse.move(x, y, steps=4)
    page.mouse.up()
    assert page.evaluate("[...chosen]") == [5]


def test_everything_works_by_keyboard(page):
    """From the top: skip to the table, sort, choose two rows, turn the language, zoom the map."""
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "table"
    page.focus("#sort2")
    page.keyboard.press("Enter")
    assert page.get_attribute("th:has(#sort2)", "aria-sort") == "descending"
    assert page.evaluate("document.activeElement.id") == "sort2"
    for area in (4, 1):
        page.focus(f"#choice{area}")
        page.keyboard.press("Space")
        assert page.evaluate("document.activeElement.id") == f"choice{area}"
    assert sorted(page.evaluate("[...chosen]")) == [1, 4]
    page.focus("#language")
    page.keyboard.press("Enter")
    assert "2 areas together" in card(page)
    page.focus("#map")
    before = page.get_attribute("#map", "viewBox")
    page.keyboard.press("+")
    page.keyboard.press("ArrowLeft")
    assert page.get_attribute("#map", "viewBox") != before
    page.keyboard.press("0")
    assert page.get_attribute("#map", "viewBox") == before


def test_every_step_can_be_taken_by_keyboard_alone(page):
    assert failed_steps(page) == []


def test_both_languages_show_the_same_figures(page):
    def figures():
        return page.evaluate("[...document.querySelectorAll('dd, #rows td')].map((cell) => cell.textContent)")

    search(page, "WK000100")
    dutch = [text.replace(".", "").replace(",", ".") for text in figures()]
    page.click("#language")
    english = [text.replace(",", "") for text in figures()]
    digits = [["".join(sign for sign in text if sign.isdigit()) for text in texts] for texts in (dutch, english)]
    assert digits[0] == digits[1]
    assert page.evaluate("document.documentElement.lang") == "en"


def test_a_view_can_be_linked_to(page, path, browser):
    page.select_option("#layer", "difference")
    search(page, "WK000201")
    again = browser.new_page()
    again.goto(path.as_uri() + page.get_attribute("#link", "href"))
    again.wait_for_selector(READY, state="attached")
    assert again.input_value("#layer") == "difference"
    assert "WK000201" in again.inner_text("#card")
    again.close()


def test_the_table_filters_and_says_how_many(page):
    page.fill("#filter", "WK0002")
    assert page.locator("#rows tbody tr").count() == 3
    assert "1 tot en met 3 van 3" in page.inner_text("#pages")


@pytest.mark.parametrize("layer", ["actual", "underlying", "expected", "difference", "width", "chance", "verdict"])
def test_every_area_on_the_map_is_in_the_legend_once(page, layer):
    page.select_option("#layer", layer)
    counts = page.evaluate(
        "[...document.querySelectorAll('#legend li')].map((row) => [row.querySelector('.swatch').className, "
        "Number(row.textContent.match(/\\((\\d+)\\)$/)[1])])"
    )
    hidden = sum(number for name, number in counts if "hatched" in name)
    total = sum(number for name, number in counts)
    assert total - (hidden if layer != "actual" else 0) == 15
    assert hidden == (0 if layer == "expected" else page.locator("[data-hatch]").count())


def test_a_phone_sees_it_all_without_scrolling_sideways(page):
    page.set_viewport_size({"width": 390, "height": 800})
    search(page, "WK000100")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("state", ["start", "chosen", "english"])
def test_the_tests_of_accessibility_find_nothing(page, state):
    axe = pytest.importorskip("pytest_playwright_axe.axe")
    if state != "start":
        search(page, "WK000100")
    if state == "english":
        page.click("#language")
    page.evaluate(axe.MIN_AXE_PATH.read_text("utf-8"))
    rules = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"
    found = page.evaluate(f"axe.run(document, {rules}).then((result) => result.violations)")
    assert [(each["id"], [node["html"] for node in each["nodes"]][:2]) for each in found] == []


def test_the_scripts_are_in_the_package():
    assert files("bayesmodel.report").joinpath("map.css").is_file()
