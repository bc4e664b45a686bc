"""All fifty elements by keyboard while the network is cut three times and the server killed once: nothing is lost."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.guards import Watch
from tests.browser.keyboard import Spoken, check_stored, interview_by_keyboard, plan
from tests.browser.network import network_to
from tests.browser.server import KillableServer, Server
from tests.browser.test_interview import start_interview, wait_saved
from tests.browser.test_offline import NO_NETWORK, download
from tests.sharing import shipped_library

pytestmark = pytest.mark.browser

CUT = {4: 9, 17: 24, 30: 36}  # from the element at this place on the network is gone, until that one
KILLED, STARTED = 42, 46


@pytest.mark.nightly
def test_nothing_is_lost_when_the_network_is_cut_three_times_and_the_server_killed(
    open_page: OpenPage, watch: Watch, killable: KillableServer
) -> None:
    watch.expect(NO_NETWORK)
    questionnaire = shipped_library().questionnaire("telecom-crm-interview")
    with network_to(killable.port) as network:
        page = open_page(at=Server(f"http://127.0.0.1:{network.port}", killable.data))
        hub = start_interview(page)
        download(page, f"{hub}?all=1")
        links = page.locator("#tree a[href*='/elements/'], main a[href*='/elements/']").all()
        page.goto(str(links[0].get_attribute("href")) if links else hub)
        page.wait_for_selector("html[data-ready]")
        tree = page.locator("#tree li a[href*='/elements/']").all()
        elements = [str(link.get_attribute("href")).rsplit("/", 1)[1].partition("?")[0] for link in tree]
        assert len(elements) == 50
        page.goto(str(tree[0].get_attribute("href")))
        page.wait_for_selector("html[data-ready]")
        spoken = plan(questionnaire, elements)
        happened: list[str] = []

        def misfortune(place: int, _spoken: Spoken) -> None:
            if place in CUT:
                network.cut()
                happened.append("cut")
            if place in CUT.values():
                network.mend()
            if place == KILLED:
                killable.kill()
                happened.append("killed")
            if place == STARTED:
                killable.start()

        interview_by_keyboard(page, spoken, between=misfortune)
        page.goto(f"{hub}?all=1")
        page.wait_for_selector("html[data-ready]")
        wait_saved(page)
    assert happened == ["cut", "cut", "cut", "killed"]
    check_stored(killable.data, int(hub.rsplit("/", 1)[1]), spoken)
