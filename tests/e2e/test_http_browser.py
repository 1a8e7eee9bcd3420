"""The list of files in a browser: read, reached by keyboard, clicked. Needs Chromium."""

import lab
import pytest
from web import url

from tests.browsing import By, Keys, needs_chromium, running_chromium

pytestmark = needs_chromium
NAMES = ["<b>bold & \"quoted\".txt", "a:b.txt", "plain.txt", "über uns.txt"]


@pytest.fixture(scope="module", name="chromium")
def fixture_chromium():
    with running_chromium() as driver:
        yield driver


@pytest.fixture(name="browser")
def fixture_browser(chromium, served):
    for name in NAMES:
        (served / name).write_text(f"content of {name}", encoding="utf-8")
    with lab.part_server(3, served) as server:
        chromium.get_log("browser")  # forgets the last test's: pages without a head have no icon
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


def test_the_keyboard_reaches_every_link_and_opens_it(browser):
    reached = []
    for _ in NAMES:
        browser.switch_to.active_element.send_keys(Keys.TAB)
        reached.append(browser.switch_to.active_element.text)
    assert reached == NAMES
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert browser.find_element(By.TAG_NAME, "body").text == f"content of {NAMES[-1]}"
