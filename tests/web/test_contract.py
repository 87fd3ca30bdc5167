"""The trial service keeps the promise of its own document."""

from tests.web.conftest import Trial
from tests.web.contract import contract_of


async def test_the_service_answers_as_its_document_says(trial: Trial) -> None:
    headers = trial.headers(roles=("operator", "auditor", "feed"))
    wrong = await contract_of(trial.app, headers)
    assert {line.partition(":")[0] for line in wrong} == {"broken"}, "only the fault put there on purpose is found"


async def test_the_document_names_every_operation_once_and_what_a_command_takes(trial: Trial) -> None:
    document = (await trial.http.get("/openapi.json")).json()
    assert document["openapi"] == "3.1.0"
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    taken = {parameter["name"] for parameter in document["paths"]["/v1/files"]["post"]["parameters"]}
    assert {"Idempotency-Key", "If-Match", "dry_run"} <= taken
    assert all("default" not in operation["responses"] for operation in operations)
