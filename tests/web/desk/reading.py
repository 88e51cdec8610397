"""What a page says."""

import re

from django.test import Client


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def rows(page: str) -> list[str]:
    """The lines of a page's list, in words."""
    body = page[page.find("<tbody>") : page.find("</tbody>")]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in re.findall("<tr>.*?</tr>", body, re.S)]


def rail(page: str, room: str) -> int:
    """The number that stands beside a room in the rail."""
    found = re.search(rf">{room}(?:<span>(\d+)</span>)?</a>", page)
    assert found
    return int(found[1] or 0)
