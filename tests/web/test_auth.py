"""Who asks: only what the issuer signed, for us, now, counts; and a token opens one government."""

import base64
import hmac
import json
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from chancery.refusal import Refused
from chancery.settings import Settings, SettingsRefused
from chancery.web.auth import Authenticator, IssuerAway, Trust
from chancery.web.issuer import AUDIENCE, ISSUER, LocalIssuer
from tests.web.conftest import Trial


def claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "exp": now + 60,
        "nbf": now,
        "tenant": "trial",
        "person": "tao",
        "jti": uuid4().hex,
    } | changed


def signed(issuer: LocalIssuer, key: Any = None, **changed: Any) -> str:
    header = {"alg": "ES256", "kid": issuer.key.kid, **changed.pop("header", {})}
    return jwt.encode(header, claims(**changed), key or issuer.key, algorithms=["ES256", "HS256", "RS256", "EdDSA"])


async def status(trial: Trial, token: str) -> tuple[int, str]:
    answer = await trial.http.get("/v1/files", headers={"Authorization": f"Bearer {token}"})
    code = answer.json()["reasons"][0]["code"] if answer.status_code != 200 else ""
    return answer.status_code, code


async def test_a_good_token_is_let_in(trial: Trial) -> None:
    assert await status(trial, signed(trial.issuer)) == (200, "")


@pytest.mark.parametrize("header", [None, "", "Basic eDp5", "Bearer", "Bearer ", "Bearer a.b.c", "Bearer é"])
async def test_no_token_is_401_and_says_how_to_bring_one(trial: Trial, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.encode()}
    answer = await trial.http.get("/v1/files", headers=headers)  # pyright: ignore[reportArgumentType]
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith('Bearer realm="chancery"')
    assert ("invalid_token" in answer.headers["www-authenticate"]) == (header is not None)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"iss": "somebody"}, "bad_token"),
        ({"aud": "another-api"}, "bad_token"),
        ({"aud": []}, "bad_token"),
        ({"exp": int(time.time()) - 3600}, "token_expired"),
        ({"exp": None}, "bad_token"),
        ({"exp": "tomorrow"}, "bad_token"),
        ({"exp": True}, "bad_token"),
        ({"exp": 1e300}, "bad_token"),
        ({"nbf": int(time.time()) + 3600}, "token_not_yet_valid"),
        ({"tenant": None}, "bad_token"),
        ({"tenant": "../trial"}, "bad_token"),
        ({"tenant": 7}, "bad_token"),
        ({"tenant": {"a": "b"}}, "bad_token"),
        ({"person": "client.oa"}, "bad_token"),
        ({"person": "Robert'); drop"}, "bad_token"),
        ({"person": ["tao"]}, "bad_token"),
        ({"person": None}, "bad_token"),
        ({"roles": 5}, "bad_token"),
        ({"roles": [1]}, "bad_token"),
        ({"roles": ["system", "audit"]}, "administrators_apart"),
        ({"header": {"typ": "secevent+jwt"}}, "bad_token"),
    ],
)
async def test_what_the_issuer_did_not_mean_for_us_is_401(trial: Trial, changed: dict[str, Any], code: str) -> None:
    assert await status(trial, signed(trial.issuer, **changed)) == (401, code)


async def test_a_forged_signature_is_401(trial: Trial) -> None:
    other = ECKey.generate_key("P-256")
    assert await status(trial, signed(trial.issuer, other)) == (401, "bad_token")
    head, body, signature = signed(trial.issuer).split(".")
    swapped = signature[:10] + ("A" if signature[10] != "A" else "B") + signature[11:]
    assert await status(trial, f"{head}.{body}.{swapped}") == (401, "bad_token")
    _, richer, _ = signed(trial.issuer, roles=["operator"]).split(".")
    assert await status(trial, f"{head}.{richer}.{signature}") == (401, "bad_token")


async def test_algorithm_none_and_shared_secrets_are_401(trial: Trial) -> None:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    for alg in ("none", "None", "NONE", ""):
        token = f"{part({'alg': alg, 'kid': trial.issuer.key.kid})}.{part(claims())}."
        assert await status(trial, token) == (401, "bad_token")
    head, body = part({"alg": "HS256", "kid": trial.issuer.key.kid}), part(claims())
    public = trial.issuer.key.as_pem(private=False)
    made = hmac.digest(public, f"{head}.{body}".encode(), "sha256")
    confused = f"{head}.{body}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}"
    assert await status(trial, confused) == (401, "bad_token")
    critical = f"{part({'alg': 'ES256', 'kid': trial.issuer.key.kid, 'crit': ['x'], 'x': 1})}.{body}.AAAA"
    assert await status(trial, critical) == (401, "bad_token")


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
async def test_the_usual_kinds_of_keys_work(tmp_path: Path, kind: str) -> None:
    key = RSAKey.generate_key(2048) if kind == "rsa" else OKPKey.generate_key("Ed25519")
    key.ensure_kid()
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps(KeySet([key]).as_dict(private=False)))
    alg = "RS256" if kind == "rsa" else "EdDSA"
    token = jwt.encode({"alg": alg, "kid": key.kid}, claims(), key, algorithms=[alg])
    caller = await Authenticator(Trust(ISSUER, AUDIENCE, str(jwks))).caller(token)
    assert (caller.tenant, caller.person) == ("trial", "tao")


async def test_a_new_key_is_found_but_not_looked_for_all_the_time(tmp_path: Path) -> None:
    jwks = tmp_path / "jwks.json"
    keys = [ECKey.generate_key("P-256") for _ in range(2)]
    for key in keys:
        key.ensure_kid()

    def publish(*which: ECKey) -> None:
        jwks.write_text(json.dumps(KeySet(list(which)).as_dict(private=False)))

    def token(key: ECKey) -> str:
        return jwt.encode({"alg": "ES256", "kid": key.kid}, claims(), key)

    publish(keys[0])
    patient = Authenticator(Trust(ISSUER, AUDIENCE, str(jwks), patience=3600))
    eager = Authenticator(Trust(ISSUER, AUDIENCE, str(jwks), patience=0))
    for door in (patient, eager):
        assert (await door.caller(token(keys[0]))).person == "tao"
    publish(keys[0], keys[1])
    assert (await eager.caller(token(keys[1]))).person == "tao"
    with pytest.raises(Refused):
        await patient.caller(token(keys[1]))
    jwks.unlink()
    assert (await eager.caller(token(keys[0]))).person == "tao"


async def test_keys_that_were_never_read_are_our_trouble_not_the_callers(tmp_path: Path, issuer: LocalIssuer) -> None:
    door = Authenticator(Trust(ISSUER, AUDIENCE, str(tmp_path / "nowhere.json")))
    with pytest.raises(IssuerAway):
        await door.caller(signed(issuer))


async def test_a_token_opens_one_government_and_does_not_tell_of_others(trial: Trial) -> None:
    file = await trial.opened("本区事项")
    assert (await trial.get(f"/v1/files/{file}")).status_code == 200
    theirs = {"tenant": "neighbour"}
    assert (await trial.get(f"/v1/files/{file}", **theirs)).status_code == 404
    answer = await trial.post(f"/v1/files/{file}:add-paper", {"paper": "letter"}, **theirs)
    assert answer.status_code == 404
    listed = (await trial.get("/v1/files?limit=200", **theirs)).json()["items"]
    assert file not in {one["file_id"] for one in listed}
    heard = (await trial.get("/v1/events?limit=1000", person=None, **theirs)).json()["events"]
    assert {event["tenant"] for event in heard} <= {"neighbour"}
    assert (await trial.get(f"/v1/files/{file}")).json()["papers"] == 0


async def test_the_database_itself_keeps_tenants_apart(trial: Trial) -> None:
    """Even a query that forgets the tenant sees nothing: the wall is in PostgreSQL too."""
    from sqlalchemy import text

    await trial.opened("墙内")
    async with trial.running.store.engine.begin() as connection:
        for table in ("kernel.event", "kernel.head", "kernel.command", "files"):
            assert (await connection.execute(text(f"select count(*) from {table}"))).scalar() == 0


async def test_systems_act_in_their_own_name_and_only_where_no_person_must(trial: Trial) -> None:
    answer = await trial.post("/v1/files", {"title": "系统立卷"}, person=None)
    assert answer.status_code == 201
    refused = await trial.post(f"/v1/files/{answer.json()['id']}:add-paper", {"paper": "letter"}, person=None)
    assert (refused.status_code, refused.json()["reasons"][0]["code"]) == (403, "needs_person")


async def test_a_token_without_a_government_does_no_business(trial: Trial) -> None:
    answer = await trial.post("/v1/files", {"title": "无主"}, person=None, tenant="", roles=("operator",))
    assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (403, "needs_tenant")


def test_the_issuers_key_is_its_owners_alone_and_stays_the_same(tmp_path: Path) -> None:
    first, second = LocalIssuer.at(tmp_path), LocalIssuer.at(tmp_path)
    assert first.key.kid == second.key.kid
    assert (tmp_path / "issuer.key.json").stat().st_mode & 0o777 == 0o600
    assert '"d"' not in (tmp_path / "jwks.json").read_text()


def test_production_refuses_what_is_only_for_the_house() -> None:
    given: dict[str, Any] = {
        "database_url": "postgresql://postgres:x@db/meeting",
        "relay_database_url": "postgresql://meeting_relay:x@db/meeting",
        "nats_url": "nats://bus",
        "issuer": ISSUER,
        "keys": "http://idp/jwks",
        "clock": "simulated",
    }
    with pytest.raises(SettingsRefused) as refused:
        Settings(mode="production", **given).check()
    told = " ".join(refused.value.sentences)
    assert all(name in told for name in ("CHANCERY_ISSUER", "CHANCERY_CLOCK", "CHANCERY_DATABASE_URL", "CHANCERY_KEYS"))
    with pytest.raises(SettingsRefused) as empty:
        Settings(mode="house").check()
    assert len(empty.value.sentences) == 5
    assert Settings(mode="house", **given).check().issuer == ISSUER
