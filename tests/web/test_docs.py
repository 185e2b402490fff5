"""What the documentation promises is what the application has."""

import re
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_route_is_documented(client):
    paths = {route.path for route in client.app.routes}
    assert len(paths) >= 13
    assert {path for path in paths if f"`{path}`" not in TEXT} == set()


def test_every_documented_address_is_answered(client, story):
    documented = {path for path in re.findall(r"^\| `(/[^`]*)`", TEXT, flags=re.MULTILINE) if "{" not in path}
    assert {path: client.get(path).status_code for path in documented} == dict.fromkeys(documented, 200)


def test_every_metric_is_documented(client, story):
    families = {family.name for family in text_string_to_metric_families(client.get("/metrics").text)}
    assert families == set(re.findall(r"^\| `(sayso_[a-z_]+)`", TEXT, flags=re.MULTILINE))


def test_every_parameter_of_the_api_is_documented_and_described(client):
    for path, methods in client.app.openapi()["paths"].items():
        line = next(line for line in TEXT.splitlines() if line.startswith(f"| `{path}`"))
        assert set(methods) == {"get"}
        for parameter in methods["get"].get("parameters", []):
            if parameter["in"] == "query":
                assert f"`{parameter['name']}`" in line
                assert parameter["description"]
