"""The list of files in a browser: read, reached by keyboard, clicked. Needs Chromium."""

import shutil

import lab
import pytest
from web import url

webdriver = pytest.importorskip("selenium.webdriver", reason="python3-selenium is not installed")
from selenium.webdriver.chrome.service import Service  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER),
                                reason="chromium or chromium-driver is not installed")
NAMES = ["<b>bold & \"quoted\".txt", "a:b.txt", "plain.txt", "über uns.txt"]


@pytest.fixture(scope="module", name="chromium")
def fixture_chromium():
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(service=Service(DRIVER), options=options)
    yield driver
    driver.quit()


@pytest.fixture(name="browser")
def fixture_browser(chromium, served):
    for name in NAMES:
        (served / name).write_text(f"content of {name}", encoding="utf-8")
    with lab.part_server(3, served) as server:
        chromium.get(url(server))
        yield chromium


def links(browser):
    return browser.find_elements(By.CSS_SELECTOR, "table a")


def test_the_list_names_every_file_and_its_size(browser):
    assert browser.title == "Files on this server"
    assert [link.text for link in links(browser)] == NAMES
    sizes = [cell.text for cell in browser.find_elements(By.CSS_SELECTOR, "td + td")]
    assert sizes == [f"{len(f'content of {name}'.encode())} B" for name in NAMES]
    assert browser.get_log("browser") == []


def test_every_link_leads_to_its_file(browser):
    for number, name in enumerate(NAMES):
        links(browser)[number].click()
        assert browser.find_element(By.TAG_NAME, "body").text == f"content of {name}"
        browser.back()
    assert browser.get_log("browser") == []


def test_the_keyboard_reaches_every_link_and_opens_it(browser):
    reached = []
    for _ in NAMES:
        browser.switch_to.active_element.send_keys(Keys.TAB)
        reached.append(browser.switch_to.active_element.text)
    assert reached == NAMES
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert browser.find_element(By.TAG_NAME, "body").text == f"content of {NAMES[-1]}"
