"""The report's page in a browser: chart and replay, by mouse and by keyboard. Needs Chromium."""

import shutil

import pytest

from plots import figures, results
from plots.report import page
from tests.browsing import By, Keys, Select, WebDriverWait, needs_chromium, running_chromium
from tests.plots import make_golden
from tests.plots.report_pages import add_samples

pytestmark = needs_chromium
WAIT_S = 20


@pytest.fixture(scope="module", name="address")
def fixture_address(tmp_path_factory):
    """The page of the golden results, with samples of the first run that is replayed."""
    folder = tmp_path_factory.mktemp("report") / "results"
    shutil.copytree(make_golden.GOLDEN, folder)
    add_samples(folder, first_replay(folder))
    path = folder / "report.html"
    path.write_text(page.build(results.load(folder), figures=False), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module", name="drawn")
def fixture_drawn(tmp_path_factory):
    """The same page with a few figures in it."""
    path = tmp_path_factory.mktemp("drawn") / "report.html"
    with pytest.MonkeyPatch.context() as few:
        few.setattr(figures, "asked", lambda sweeps: {
            name: figures.ALL[name].ASKS for name in ("stages", "drift")})
        path.write_text(page.build(results.load(make_golden.GOLDEN)), encoding="utf-8")
    return path.as_uri()


def first_replay(folder):
    from plots.report import replay
    return replay.runs(results.load(folder))[0]["id"]


@pytest.fixture(scope="module", name="chromium")
def fixture_chromium():
    with running_chromium("--window-size=1000,900") as driver:
        yield driver


@pytest.fixture(name="browser")
def fixture_browser(chromium, address):
    """The page freshly opened."""
    chromium.get(address)
    return chromium


def find(browser, name):
    return browser.find_element(By.ID, name)


def points(browser):
    return browser.find_elements(By.CSS_SELECTOR, "#chart .point")


def filled(browser):
    """How many pixels of the replay's bar are filled."""
    return browser.execute_script(
        "return [...document.querySelectorAll('#replay-bar rect')].slice(1)"
        ".reduce((sum, one) => sum + one.width.baseVal.value, 0)")


def focused(browser):
    return browser.switch_to.active_element


def press(browser, *keys):
    for key in keys:
        focused(browser).send_keys(key)


def test_the_console_stays_empty_whatever_is_chosen(browser):
    for name in ("chart-experiment", "chart-link", "chart-algorithm", "replay-run"):
        for option in range(len(Select(find(browser, name)).options)):
            Select(find(browser, name)).select_by_index(option)
    find(browser, "replay-play").click()
    browser.set_window_size(700, 900)
    browser.set_window_size(1000, 900)
    assert browser.get_log("browser") == []


def test_choosing_a_link_changes_the_chart(browser):
    link = Select(find(browser, "chart-link"))
    told = {}
    for name in ("wan", "loopback"):
        link.select_by_visible_text(name)
        drawn = browser.find_element(By.CSS_SELECTOR, "#chart > svg")
        told[name] = {one.get_attribute("data-run") for one in points(browser)}
        assert name in drawn.get_attribute("aria-label")
    assert len(told["wan"]) == len(told["loopback"]) == 60
    assert not told["wan"] & told["loopback"]


def test_choosing_an_experiment_changes_the_links_that_can_be_chosen(browser):
    Select(find(browser, "chart-experiment")).select_by_visible_text("peers")
    links = [one.text for one in Select(find(browser, "chart-link")).options]
    assert links == ["loopback"]
    algorithms = [one.text for one in Select(find(browser, "chart-algorithm")).options]
    assert algorithms == ["bbr", "cubic"]


def test_pointing_at_a_run_tells_what_became_of_it(browser):
    one = points(browser)[7]
    browser.execute_script("arguments[0].dispatchEvent(new MouseEvent('mouseenter'))", one)
    told = find(browser, "chart-run").text
    assert told.startswith(f"Run {one.get_attribute('data-run')}: part 3") and "limited by" in told
    assert find(browser, "chart-run").get_attribute("aria-live") == "polite"


def test_the_keyboard_reaches_every_run(browser):
    find(browser, "chart-algorithm").click()
    press(browser, Keys.ESCAPE)
    find(browser, "chart-algorithm").send_keys(Keys.TAB)
    names = [one.get_attribute("data-run") for one in points(browser)]
    assert focused(browser).get_attribute("data-run") == names[0]
    assert f"Run {names[0]}:" in find(browser, "chart-run").text
    press(browser, Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_UP, Keys.ARROW_RIGHT)
    assert f"Run {names[2]}:" in find(browser, "chart-run").text
    press(browser, Keys.END)
    assert focused(browser).get_attribute("data-run") == names[-1]
    press(browser, Keys.HOME, Keys.ARROW_LEFT)
    assert focused(browser).get_attribute("data-run") == names[0]


def test_the_run_that_was_chosen_stays_so_in_a_window_of_another_width(browser):
    one = points(browser)[3].get_attribute("data-run")
    browser.execute_script("arguments[0].focus()", points(browser)[3])
    browser.set_window_size(640, 900)
    try:
        WebDriverWait(browser, WAIT_S).until(lambda _: browser.execute_script(
            "return document.querySelector('#chart > svg').clientWidth") < 640)
        assert f"Run {one}:" in find(browser, "chart-run").text
        chosen = browser.find_elements(By.CSS_SELECTOR, "#chart .chosen")
        assert [mark.get_attribute("data-run") for mark in chosen] == [one]
    finally:
        browser.set_window_size(1000, 900)


def test_the_table_beside_the_chart_has_its_runs(browser):
    rows = browser.find_elements(By.CSS_SELECTOR, "#chart-table tbody tr")
    assert len(rows) == len(points(browser)) == 60


def test_the_slider_fills_the_bar(browser):
    slider = find(browser, "replay-time")
    slider.send_keys(Keys.HOME)
    assert filled(browser) == 0 and "0 % of 50 MB" in find(browser, "replay-now").text
    slider.send_keys(Keys.END)
    width = browser.execute_script(
        "return document.querySelector('#replay-bar > svg').clientWidth - 2")
    assert filled(browser) == pytest.approx(width, abs=1)
    assert "100 % of 50 MB" in find(browser, "replay-now").text
    assert slider.get_attribute("aria-valuetext") == find(browser, "replay-now").text


def test_bar_and_windows_have_a_colour_for_each_connection(browser):
    colours = browser.execute_script(
        "return [...document.querySelectorAll('#replay-windows polyline')]"
        ".map((one) => one.getAttribute('stroke'))")
    assert len(colours) == 20 and len(set(colours)) == 7  # ten lines, pale and past; 7 colours
    bar = browser.execute_script(
        "return [...document.querySelectorAll('#replay-bar rect')].slice(1)"
        ".map((one) => one.getAttribute('fill'))")
    assert set(bar) == set(colours)


def test_a_run_without_windows_says_so(browser):
    Select(find(browser, "replay-run")).select_by_index(1)
    assert "No congestion windows" in find(browser, "replay-windows").text


def test_play_moves_on_and_pause_stops(browser):
    find(browser, "replay-time").send_keys(Keys.HOME)
    button = find(browser, "replay-play")
    button.send_keys(Keys.SPACE)
    assert button.text == "Pause"
    WebDriverWait(browser, WAIT_S).until(
        lambda _: int(find(browser, "replay-time").get_attribute("value")) > 20)
    button.send_keys(Keys.SPACE)
    assert button.text == "Play" and filled(browser) > 0
    still = browser.execute_async_script(
        "const done = arguments[0], slider = document.getElementById('replay-time'),"
        " before = slider.value;"
        "requestAnimationFrame(() => requestAnimationFrame(() => done(slider.value === before)))")
    assert still


def test_everything_is_reached_with_the_tab_key_alone(browser):
    wanted = ["chart-experiment", "chart-link", "chart-algorithm", "replay-run", "replay-play",
              "replay-time"]
    reached = []
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    for _ in range(100):
        reached.append(focused(browser).get_attribute("id"))
        if reached[-1] == wanted[-1]:
            break
        press(browser, Keys.TAB)
    assert [name for name in reached if name in wanted] == wanted


def test_a_figure_on_a_narrow_screen_is_moved_with_the_keyboard(chromium, drawn):
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                             {"width": 400, "height": 740, "deviceScaleFactor": 1, "mobile": True})
    try:
        chromium.get(drawn)
        boxes = chromium.find_elements(By.CSS_SELECTOR, "figure .wide")
        assert boxes and all(one.aria_role == "region" and one.accessible_name for one in boxes)
        box = boxes[0]
        assert "follows." in box.find_element(By.TAG_NAME, "img").get_attribute("alt")
        chromium.execute_script("arguments[0].focus()", box)
        press(chromium, Keys.ARROW_RIGHT)
        WebDriverWait(chromium, WAIT_S).until(
            lambda _: chromium.execute_script("return arguments[0].scrollLeft > 0", box))
        assert chromium.get_log("browser") == []
    finally:
        chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("width", [360, 1000])
def test_nothing_is_wider_than_the_window(browser, width):
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                            {"width": width, "height": 740, "deviceScaleFactor": 1,
                             "mobile": width < 500})
    try:
        browser.refresh()
        wide = browser.execute_script("return document.documentElement.scrollWidth")
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert wide <= width


def test_in_print_every_table_is_open(browser):
    assert not all(one.get_attribute("open") for one in
                   browser.find_elements(By.TAG_NAME, "details"))
    assert len(browser.print_page()) > 10_000
    assert all(one.get_attribute("open") for one in browser.find_elements(By.TAG_NAME, "details"))
