"""The calendar file: what RFC 5545 asks for, and nothing that a calendar would misread."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from app.exports.calendar import Event, calendar

MADE = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
NINE_IN_CHINA = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))


def written(**changes: object) -> bytes:
    values: dict[str, object] = {
        "uid": "interview-7@crm-maturity",
        "starts_at": NINE_IN_CHINA,
        "length": timedelta(hours=1),
        "summary": "访谈 市场部",
    } | changes
    return calendar([Event(**values)], name="访谈 福州电信", made_at=MADE)  # type: ignore[arg-type] # named by the tests


def unfolded(file: bytes) -> list[str]:
    return file.replace(b"\r\n ", b"").decode().split("\r\n")


def test_times_are_in_utc_and_the_end_is_an_hour_later() -> None:
    lines = unfolded(written())
    assert "DTSTART:20260302T010000Z" in lines
    assert "DTEND:20260302T020000Z" in lines
    assert "DTSTAMP:20260301T080000Z" in lines
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]


def test_special_characters_are_escaped_and_line_breaks_cannot_add_lines() -> None:
    lines = unfolded(written(location="三楼, 右; C:\\", description="一\r\nBEGIN:VEVENT"))
    assert "LOCATION:三楼\\, 右\\; C:\\\\" in lines
    assert "DESCRIPTION:一\\nBEGIN:VEVENT" in lines
    assert lines.count("BEGIN:VEVENT") == 1


def test_long_lines_are_folded_at_75_octets_and_never_inside_a_character() -> None:
    place = "福州电信大楼十二层第三会议室" * 8
    file = written(location=place)
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    for line in file.split(b"\r\n"):
        line.decode()  # every line is whole
    assert f"LOCATION:{place}" in unfolded(file)


def test_a_cancelled_appointment_says_so_with_a_higher_number() -> None:
    assert {"STATUS:CONFIRMED", "SEQUENCE:0"} <= set(unfolded(written()))
    assert {"STATUS:CANCELLED", "SEQUENCE:1"} <= set(unfolded(written(cancelled=True)))


def test_what_is_empty_is_left_out() -> None:
    assert not [line for line in unfolded(written()) if line.startswith(("LOCATION", "DESCRIPTION", "URL"))]
