"""A provider is believed only where everything holds: state, PKCE, nonce, issuer, audience, signature, time."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from app.services.identity_provider import SignOnRefused
from tests.conftest import FixedClock
from tests.services.minting import ACCESS_TOKEN, ISSUER, RETURN, Browser, browser, key, unsigned


@pytest.fixture
def mei(clock: FixedClock) -> Browser:
    return browser(clock)


def code_of(mei: Browser, **answer: str) -> str:
    with pytest.raises(SignOnRefused) as refused:
        mei.come_back(**answer)
    assert "secret" not in refused.value.reason
    return refused.value.code


def test_whoever_the_provider_vouches_for_is_issuer_and_subject(mei: Browser) -> None:
    mei.provider.claims = {"name": "  梅琳 ", "preferred_username": "mei", "email": "boss@example.com"}
    mei.leave()
    found = mei.come_back()
    assert (found.issuer, found.subject, found.strong) == (ISSUER, "248289761001", False)
    assert (found.display_name, found.name) == ("梅琳", "mei")


@pytest.mark.parametrize("claims", [{"aud": ["crm"]}, {"aud": ["crm", "another"], "azp": "crm"}])
def test_a_token_may_name_its_audience_in_a_list(mei: Browser, claims: dict[str, Any]) -> None:
    mei.provider.claims = claims
    mei.leave()
    assert mei.come_back().subject == "248289761001"


def test_the_provider_is_asked_for_a_code_with_state_nonce_and_pkce(mei: Browser) -> None:
    asked = mei.leave(locale="en")
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == RETURN
    assert asked["scope"] == "openid profile"
    assert asked["code_challenge_method"] == "S256"
    digest = hashlib.sha256(mei.begun.verifier.encode()).digest()
    assert asked["code_challenge"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert mei.begun.verifier not in mei.address
    assert min(len(asked["state"]), len(asked["nonce"]), len(mei.begun.verifier)) >= 43
    assert "prompt" not in asked
    assert mei.leave(afresh=True)["prompt"] == "login"


def test_every_journey_has_its_own_secrets(mei: Browser) -> None:
    first, second = mei.leave(), mei.leave()
    assert {first[name] == second[name] for name in ("state", "nonce", "code_challenge")} == {False}


def test_the_code_is_traded_by_this_client_with_the_proof(mei: Browser) -> None:
    mei.leave()
    mei.come_back()
    assert mei.provider.bodies == [
        {
            "grant_type": "authorization_code",
            "code": "the code",
            "redirect_uri": RETURN,
            "code_verifier": mei.begun.verifier,
        }
    ]
    basic = mei.provider.headers[0]["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(basic).decode() == "crm:swordfish of the client"


def test_a_provider_that_wants_the_secret_in_the_body_gets_it_there(mei: Browser) -> None:
    mei.provider.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    mei.leave()
    mei.come_back()
    assert mei.provider.bodies[0]["client_secret"] == "swordfish of the client"
    assert "Authorization" not in mei.provider.headers[0]


def test_a_client_without_a_secret_names_itself(clock: FixedClock) -> None:
    mei = browser(clock, client_secret="")
    mei.leave()
    mei.come_back()
    assert mei.provider.bodies[0]["client_id"] == "crm"


@pytest.mark.parametrize("state", ["", "another", "ü"])
def test_an_answer_that_this_browser_did_not_ask_for_is_refused(mei: Browser, state: str) -> None:
    mei.leave()
    assert code_of(mei, state=state) == "stale"
    assert mei.provider.bodies == []


def test_an_answer_of_another_issuer_is_refused(mei: Browser) -> None:
    mei.leave()
    assert code_of(mei, iss="https://evil.example.com") == "mixed-up"
    assert mei.provider.bodies == []
    assert mei.come_back(iss=ISSUER).subject == "248289761001"


def test_a_provider_that_always_names_itself_must(mei: Browser) -> None:
    mei.provider.metadata = {"authorization_response_iss_parameter_supported": True}
    mei.leave()
    assert code_of(mei) == "mixed-up"
    assert mei.come_back(iss=ISSUER).subject == "248289761001"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"error": "access_denied", "code": ""}, "cancelled"),
        ({"error": "server_error", "error_description": "secret words"}, "refused"),
        ({"code": ""}, "refused"),
        ({"code": "x" * 5000}, "refused"),
    ],
)
def test_a_refusal_of_the_provider_is_told_apart_without_its_words(
    mei: Browser, answer: dict[str, str], code: str
) -> None:
    mei.leave()
    assert code_of(mei, **answer) == code
    assert mei.provider.bodies == []


def test_a_code_that_the_provider_does_not_take_leads_nowhere(mei: Browser) -> None:
    mei.provider.token_status = 400
    mei.leave()
    assert code_of(mei) == "refused"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example.com"},
        {"iss": ISSUER + "/"},
        {"aud": "another-client"},
        {"aud": "another-client", "azp": "crm"},
        {"aud": ["crm", "another-client"]},  # without azp nobody says whom it was made for
        {"aud": ["crm", "another-client"], "azp": "another-client"},
        {"azp": "another-client"},
        {"nonce": "another"},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"sub": "line\nbreak"},
        {"exp": "tomorrow"},
        {"amr": "mfa"},
    ],
)
def test_a_token_that_says_something_else_is_refused(mei: Browser, claims: dict[str, Any]) -> None:
    mei.leave()
    mei.provider.claims = claims
    assert code_of(mei) == "untrusted"


@pytest.mark.parametrize("claim", ["iss", "sub", "aud", "exp", "iat", "nonce"])
def test_a_token_without_what_it_must_say_is_refused(mei: Browser, claim: str) -> None:
    mei.leave()
    mei.provider.without = (claim,)
    assert code_of(mei) == "untrusted"


def test_clocks_may_differ_by_a_minute_and_no_more(mei: Browser, clock: FixedClock) -> None:
    mei.leave()
    seconds = int(clock().timestamp())
    mei.provider.claims = {"exp": seconds - 30, "iat": seconds + 30}
    assert mei.come_back().subject == "248289761001"
    mei.provider.claims = {"exp": seconds - 90}
    assert code_of(mei) == "untrusted"
    mei.provider.claims = {"iat": seconds + 90}
    assert code_of(mei) == "untrusted"
    mei.provider.claims = {"nbf": seconds + 90}
    assert code_of(mei) == "untrusted"


def test_whoever_is_to_prove_it_afresh_must_have_done_so(mei: Browser, clock: FixedClock) -> None:
    seconds = int(clock().timestamp())
    mei.provider.claims = {"auth_time": seconds - 3600}
    mei.leave()
    assert mei.come_back().subject == "248289761001"
    mei.leave(afresh=True)
    assert code_of(mei) == "untrusted"
    mei.provider.claims = {"auth_time": seconds}
    assert mei.come_back().subject == "248289761001"
    mei.provider.claims = {"auth_time": "now"}
    assert code_of(mei) == "untrusted"


def claims_of(mei: Browser) -> dict[str, Any]:
    return dict(jwt.decode(mei.provider.minted(), key("first")).claims)


def test_a_token_that_nobody_signed_is_refused(mei: Browser) -> None:
    mei.leave()
    claims = claims_of(mei)
    claims.pop("at_hash")  # it may be left out, and would give the token away by another check
    mei.provider.token = unsigned(claims)
    assert code_of(mei) == "untrusted"


@pytest.mark.parametrize("shared", ["swordfish of the client, made longer for HS256", "public key"])
def test_a_token_signed_with_what_others_know_is_refused(mei: Browser, shared: str) -> None:
    mei.leave()
    secret = key("first").as_pem(private=False) if shared == "public key" else shared.encode()
    header = {"alg": "HS256", "kid": "first"}
    mei.provider.token = jwt.encode(header, claims_of(mei), OctKey.import_key(base64.b64encode(secret).decode()))
    assert code_of(mei) == "untrusted"


def test_a_token_changed_on_the_way_is_refused(mei: Browser) -> None:
    mei.leave()
    head, body, signature = mei.provider.minted().split(".")
    other = base64.urlsafe_b64encode(base64.urlsafe_b64decode(body + "==").replace(b"2482", b"9999")).rstrip(b"=")
    mei.provider.token = f"{head}.{other.decode()}.{signature}"
    assert code_of(mei) == "untrusted"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "a.b.c.d.e", "é.é.é", "x" * 70_000])
def test_what_is_no_token_is_refused(mei: Browser, token: str) -> None:
    mei.leave()
    mei.provider.token = token
    assert code_of(mei) == "untrusted"


def test_a_key_of_the_token_itself_is_not_believed(mei: Browser) -> None:
    mei.leave()
    forged = key("forger")
    header = {"alg": "ES256", "kid": "first", "jwk": forged.as_dict(private=False)}
    mei.provider.token = jwt.encode(header, claims_of(mei), forged)
    assert code_of(mei) == "untrusted"


def test_new_keys_of_the_provider_are_fetched_when_a_token_names_one(mei: Browser, clock: FixedClock) -> None:
    mei.leave()
    mei.come_back()
    clock.advance(timedelta(minutes=1))
    mei.provider.keys = [dict(key("second").as_dict(private=False))]
    mei.provider.signed_by = "second"
    assert mei.come_back().subject == "248289761001"
    assert [address for address in mei.provider.asked if address.endswith("/keys")] == [f"{ISSUER}/keys"] * 2


def test_tokens_with_unknown_keys_do_not_make_us_ask_again_and_again(mei: Browser) -> None:
    mei.leave()
    mei.provider.signed_by = "forger"
    for _ in range(5):
        assert code_of(mei) == "untrusted"
    assert len([address for address in mei.provider.asked if address.endswith("/keys")]) == 1


def test_keys_for_other_ends_are_passed_over(mei: Browser) -> None:
    mei.provider.keys += [
        {"kty": "unheard-of", "kid": "x"},
        {"kty": "EC", "kid": "broken", "crv": "P-256"},
        {"kty": "oct", "kid": "shared", "k": "c2VjcmV0"},
    ]
    mei.leave()
    assert mei.come_back().subject == "248289761001"


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example.com"},
        {"issuer": None},
        {"token_endpoint": "http://id.example.com/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
        {"code_challenge_methods_supported": ["plain"]},
        {"response_types_supported": ["id_token"]},
    ],
)
def test_a_provider_without_the_safeguards_is_not_used(mei: Browser, metadata: dict[str, Any]) -> None:
    mei.provider.metadata = metadata
    with pytest.raises(SignOnRefused) as refused:
        mei.leave()
    assert refused.value.code == "misconfigured"


def test_its_description_is_kept_for_an_hour(mei: Browser, clock: FixedClock) -> None:
    mei.leave()
    clock.advance(timedelta(minutes=59))
    mei.leave()
    assert len(mei.provider.asked) == 1
    clock.advance(timedelta(minutes=2))
    mei.leave()
    assert len(mei.provider.asked) == 2


def test_nobody_waits_for_a_provider_that_has_just_not_answered(mei: Browser, clock: FixedClock) -> None:
    mei.provider.down = True
    for _ in range(3):
        with pytest.raises(SignOnRefused) as refused:
            mei.leave()
        assert refused.value.code == "unreachable"
    assert len(mei.provider.asked) == 1
    mei.provider.down = False
    clock.advance(timedelta(seconds=16))
    assert mei.leave()["client_id"] == "crm"


def test_a_provider_that_goes_away_in_between_is_told(mei: Browser) -> None:
    mei.leave()
    mei.provider.down = True
    assert code_of(mei) == "unreachable"


def test_a_second_factor_is_asked_for_and_must_be_shown(clock: FixedClock) -> None:
    mei = browser(clock, acr=("phr", "phrh"), amr=("mfa", "otp"))
    assert mei.leave()["acr_values"] == "phr phrh"
    for claims in ({}, {"acr": "phr"}, {"amr": ["mfa"]}, {"acr": "0", "amr": ["mfa"]}, {"acr": "phr", "amr": ["pwd"]}):
        mei.provider.claims = claims
        assert code_of(mei) == "weak"
    mei.provider.claims = {"acr": "phr", "amr": ["pwd", "otp"]}
    assert mei.come_back().strong is True


def test_names_that_cannot_be_names_are_no_suggestions(mei: Browser) -> None:
    mei.provider.claims = {"name": "a\x00b", "preferred_username": ["x"]}
    mei.leave()
    found = mei.come_back()
    assert (found.name, found.display_name) == ("", "")


def test_signing_out_of_the_provider_leads_there_without_a_token(mei: Browser) -> None:
    assert mei.ours.end_session("https://crm.example.com/sign-in") is None
    other = browser(mei.provider.clock)
    other.provider.metadata = {"end_session_endpoint": f"{ISSUER}/logout?x=1"}
    address = other.ours.end_session("https://crm.example.com/sign-in")
    assert address == (
        f"{ISSUER}/logout?x=1&client_id=crm&post_logout_redirect_uri=https%3A%2F%2Fcrm.example.com%2Fsign-in"
    )
    down = browser(mei.provider.clock)
    down.provider.down = True
    assert down.ours.end_session("https://crm.example.com/sign-in") is None


def test_secrets_do_not_stand_in_what_is_printed(mei: Browser) -> None:
    assert "swordfish" not in repr(mei.ours.settings)
    assert ACCESS_TOKEN not in repr(mei.ours.__dict__)


def test_what_only_a_single_sign_on_needs_is_not_loaded_with_the_server() -> None:
    root = Path(__file__).parents[2]
    early = [
        f"{path.relative_to(root)}: {line}"
        for path in sorted((root / "app").rglob("*.py"))
        for line in path.read_text("utf-8").splitlines()
        if line.startswith(("from authlib", "import authlib", "from joserfc", "import joserfc"))
    ]
    assert early == []
