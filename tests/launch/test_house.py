"""The whole house, every service a process of its own: killed, started twice, told to end."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from chancery.cli.house import PAGES
from chancery.launch.house import SERVICES, House, clear_folder
from chancery.launch.part import PartFailed
from chancery.rehearsal.house import RunningHouse
from tests.launch.conftest import alive
from tests.parts import a_house, own_folder

pytestmark = pytest.mark.journey
MOST_BYTES = 900 * 1024 * 1024


@pytest.fixture(scope="module")
def house() -> Generator[House]:
    with own_folder("house") as folder, a_house(folder) as started:
        yield started


def ready(address: str) -> bool:
    with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:
        return bool(answer.status == 200)


def test_every_service_is_a_process_of_its_own_and_ready(house: House) -> None:
    assert tuple(house.addresses) == SERVICES
    assert all(ready(address) for address in house.addresses.values())
    assert len({house.part(name).pid for name in SERVICES}) == len(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_the_pages_it_tells_of_are_there(house: House, name: str) -> None:
    path, _, _ = PAGES[name]
    with urllib.request.urlopen(f"{house.address(name)}{path}", timeout=30) as answer:
        assert (answer.status, answer.headers.get_content_type()) == (200, "text/html")


async def test_all_of_it_comes_to_rest_while_the_clock_goes_on(house: House) -> None:
    async with httpx.AsyncClient(timeout=60) as http:
        await RunningHouse(house.addresses, house.mint, http).settle()


def test_idle_it_fits_a_small_machine(house: House) -> None:
    assert 0 < sum(house.memory().values()) < MOST_BYTES


@pytest.mark.parametrize("name", SERVICES)
def test_a_killed_service_is_back_at_its_address(house: House, name: str) -> None:
    part, before = house.part(name), house.address(name)
    killed = part.pid
    house.kill(name)
    part.wait(60)
    assert (part.restarts, house.address(name), alive(killed)) == (1, before, False)
    assert ready(before)


@pytest.mark.parametrize("name", ["nats", "postgres"])
def test_services_outlive_what_they_stand_on(house: House, name: str) -> None:
    if getattr(house, name) is None:
        pytest.skip(f"the {name} is somebody's: not ours to kill")
    pids = {service: house.part(service).pid for service in SERVICES}
    house.kill(name)
    house.part(name).wait(60)
    for service in SERVICES:
        house.part(service).wait(60)
    assert {service: house.part(service).pid for service in SERVICES} == pids


def test_a_second_house_in_the_same_folder_is_refused(house: House) -> None:
    with pytest.raises(PartFailed, match=f"process {os.getpid()} uses"):
        House(house.folder).start()
    with pytest.raises(PartFailed, match="It runs already"):
        clear_folder(house.folder)
    assert all(ready(address) for address in house.addresses.values())


def test_no_secret_stands_in_a_list_of_processes(house: House) -> None:
    secrets = [database.app_url.split(":")[2].partition("@")[0] for database in house.databases.values()]
    words = b" ".join(file.read_bytes() for file in Path("/proc").glob("[0-9]*/cmdline") if file.exists()).decode()
    assert secrets
    assert not [secret for secret in secrets if secret in words]


STARTER = """
import sys
from pathlib import Path
from chancery.launch.house import House, wait_for_interrupt
house = House(Path(sys.argv[1]), services=("meeting",))
house.start()
print(*(part.pid for part in (house.postgres, house.nats, *house.processes.values()) if part), flush=True)
wait_for_interrupt()
house.stop()
"""


def test_told_to_end_while_it_starts_it_leaves_nothing() -> None:
    with own_folder("ended") as folder:
        process = subprocess.Popen([sys.executable, "-c", STARTER, str(folder)], stderr=subprocess.PIPE)
        kept = folder / "log" / "meeting.pid"
        end = time.monotonic() + 60
        while not kept.exists() and time.monotonic() < end:
            time.sleep(0.02)
        service = int(kept.read_text().split()[0])
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
        assert b"KeyboardInterrupt" in said
        assert not alive(service)
        assert not list(folder.rglob("*.pid"))


def test_what_a_killed_starter_left_is_ended_with_its_data() -> None:
    with own_folder("left") as folder:
        process = subprocess.Popen([sys.executable, "-c", STARTER, str(folder)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        pids = [int(word) for word in process.stdout.readline().split()]
        process.kill()
        process.wait()
        process.stdout.close()
        assert pids
        assert all(alive(pid) for pid in pids)
        clear_folder(folder)
        assert not any(alive(pid) for pid in pids)
        assert not folder.exists()


def test_a_folder_of_anything_else_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "letters").write_text("dear all", "utf-8")
    with pytest.raises(PartFailed, match="Not a house's data"):
        clear_folder(tmp_path)
    assert (tmp_path / "letters").read_text("utf-8") == "dear all"
