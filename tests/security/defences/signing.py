"""Defences behind the rows of the ASVS: signing in, answers of the server, files of people, what is published."""

from __future__ import annotations

from tests.security.defences.rows import Change, Defence, without

SIGN_INS = "app/services/sign_ins.py"
SIGNING_IN = "app/services/signing_in.py"
ACCOUNTS = "app/services/accounts.py"
TOKENS = "app/services/token_checking.py"
PROVIDER = "services/test_identity_provider.py"
# what a reader of tokens would do that believes what they say
UNVERIFIED = """    import base64
    import json
    from types import SimpleNamespace

    head, body = (json.loads(base64.urlsafe_b64decode(f"{part}==")) for part in written.split(".")[:2])
    return SimpleNamespace(header=head, claims=body)
"""

SIGNING: tuple[Defence, ...] = (
    without(
        "6.1.1",
        "the waiting after failures",
        Change(
            "app/services/throttling.py",
            "        return max(timedelta(), failures.last + min(doubled, self.longest) - now)\n",
            "        return timedelta()\n",
        ),
        noticed_by=(
            "services/test_signing_in.py::test_waits_grow_with_every_failure_and_end_by_themselves",
            "services/test_signing_in.py::test_an_address_that_tries_many_names_waits",
            "services/test_signing_in.py::test_very_many_failures_from_everywhere_slow_all_strangers_down",
        ),
    ),
    without(
        "6.2.4",
        "the estimate of the guesses",
        Change("app/services/passwords.py", "    if guesses(password, context) < FEWEST_GUESSES:\n", "    if False:\n"),
        noticed_by=("services/test_passwords.py::test_a_password_that_is_tried_first_is_refused",),
    ),
    without(
        "6.2.12",
        "the list of stolen passwords",
        Change(
            "app/services/passwords.py", "    if breached is not None and stands_in(", "    if False and stands_in("
        ),
        noticed_by=("services/test_passwords.py::test_a_stolen_password_is_refused_where_there_is_a_list",),
    ),
    without(
        "6.3.3",
        "the second factor that some must have",
        Change("app/web/signing/using.py", "_lead_to_second_factor() if use.must_enrol else None", "None"),
        noticed_by=(
            "web/test_account.py::test_who_must_have_a_second_factor_is_reminded_and_after_the_grace_led_to_it",
        ),
    ),
    without(
        "6.4.3",
        "the end of all sign-ins with a new password",
        Change(
            ACCOUNTS,
            '    ended = sign_in_store.end_sign_ins_of(session, user.id, clock())\n    details = {"sign-ins-ended"',
            '    ended = 0\n    details = {"sign-ins-ended"',
        ),
        noticed_by=("services/test_accounts.py::test_a_new_password_ends_every_sign_in",),
    ),
    without(
        "6.4.3",
        "the tie of a proof to its password",
        Change(SIGNING_IN, " or not hmac.compare_digest(stamp_of(user.password_hash), stamp):", ":"),
        noticed_by=("services/test_signing_in.py::test_a_proven_password_is_worth_nothing_after_another_one",),
    ),
    without(
        "7.5.1",
        "the question who somebody is before a change",
        Change("app/web/signing/using.py", "if context().clock() < current_use().proved_until:", "if True:"),
        noticed_by=("web/single_sign_on/test_accounts.py::test_linking_asks_again_who_somebody_is",),
    ),
    without(
        "6.5.1",
        "the using up of codes",
        Change(
            "app/services/second_factor.py",
            "return bool(steps) and store.use_step(session, user_id, steps[0])",
            "return bool(steps)",
        ),
        noticed_by=("services/test_second_factor.py::test_a_code_may_be_one_step_early_or_late_and_works_once",),
    ),
    without(
        "6.5.1",
        "the using up of recovery codes",
        Change(
            "app/storage/second_factors.py",
            "            RecoveryCodeRow.used_at.is_(None),\n        )\n        .values",
            "        )\n        .values",
        ),
        noticed_by=("services/test_second_factor.py::test_recovery_codes_work_once_are_ones_own_and_can_be_renewed",),
    ),
    without(
        "7.3.1",
        "the end of idle sign-ins",
        Change(SIGN_INS, "now < found.expires_at and now < found.seen_at + rules.idle", "now < found.expires_at"),
        noticed_by=("services/test_sign_ins.py::test_an_idle_sign_in_ends_unless_it_was_touched",),
    ),
    without(
        "7.3.2",
        "the end of every sign-in",
        Change(SIGN_INS, "now < found.expires_at and now < found.seen_at", "now < found.seen_at"),
        noticed_by=("services/test_sign_ins.py::test_no_sign_in_outlives_a_week",),
    ),
    without(
        "7.4.2",
        "the end of a disabled user's sign-ins, and the look at it",
        Change(SIGN_INS, " or found.user.disabled_at is not None:", ":"),
        Change(
            ACCOUNTS,
            "    sign_in_store.end_sign_ins_of(session, user.id, clock())\n"
            "    trail.record(session, Event.ACCOUNT_DISABLED",
            "    trail.record(session, Event.ACCOUNT_DISABLED",
        ),
        noticed_by=("web/test_users.py::test_a_disabled_user_is_out_at_once_and_may_come_back",),
    ),
)

SINGLE_SIGN_ON: tuple[Defence, ...] = (
    without(
        "6.8.2",
        "the state",
        Change(
            "app/services/identity_provider.py",
            'if not secrets.compare_digest(answer.get("state", "").encode(), begun.state.encode()):',
            "if False:",
        ),
        noticed_by=(
            f"{PROVIDER}::test_an_answer_that_this_browser_did_not_ask_for_is_refused",
            "web/single_sign_on/test_signing_in.py::test_an_answer_with_another_state_is_refused",
        ),
    ),
    without(
        "6.8.2",
        "the issuer of the answer",
        Change(
            "app/services/identity_provider.py",
            "        if issuer != self.settings.issuer and (",
            "        if False and (",
        ),
        noticed_by=(f"{PROVIDER}::test_an_answer_of_another_issuer_is_refused",),
    ),
    without(
        "6.8.2",
        "the issuer of the token",
        Change(TOKENS, '"iss": {"essential": True, "value": settings.issuer},', '"iss": {"essential": True},'),
        noticed_by=(f"{PROVIDER}::test_a_token_that_says_something_else_is_refused[claims0]",),
    ),
    without(
        "6.8.2",
        "for whom the token is",
        Change(TOKENS, '"aud": {"essential": True, "values": [settings.client_id]},', '"aud": {"essential": True},'),
        noticed_by=(f"{PROVIDER}::test_a_token_that_says_something_else_is_refused[claims3]",),
    ),
    without(
        "6.8.2",
        "the nonce",
        Change(TOKENS, '    context = {"nonce": nonce,', '    context = {"nonce": token.claims.get("nonce"),'),
        noticed_by=(f"{PROVIDER}::test_a_token_that_says_something_else_is_refused[claims7]",),
    ),
    without(
        "6.8.2",
        "the signature",
        Change(
            TOKENS,
            "    return jwt.decode(written, _signing_keys(keys), registry=registry)\n",
            UNVERIFIED,
        ),
        noticed_by=(
            f"{PROVIDER}::test_a_token_that_nobody_signed_is_refused",
            f"{PROVIDER}::test_a_token_changed_on_the_way_is_refused",
        ),
    ),
    without(
        "6.8.1",
        "the issuer beside the subject",
        Change(
            "app/storage/identities.py",
            '    """Return the identity that an issuer knows by that subject."""\n'
            "    wanted = (IdentityRow.issuer == issuer, IdentityRow.subject == subject)\n",
            "    wanted = (IdentityRow.subject == subject,)\n",
        ),
        noticed_by=("web/single_sign_on/test_signing_in.py::test_the_same_subject_of_another_issuer_opens_nothing",),
    ),
    without(
        "6.3.3",
        "the second factor of the provider",
        Change(
            "app/services/single_sign_on.py",
            "    if not identity.strong and _needs_second_factor(session, user, rules):\n",
            "    if False:\n",
        ),
        noticed_by=(
            "web/single_sign_on/test_signing_in.py::"
            "test_roles_that_need_a_second_factor_get_in_only_if_the_provider_shows_one",
        ),
    ),
)

ROWS = (*SIGNING, *SINGLE_SIGN_ON)
