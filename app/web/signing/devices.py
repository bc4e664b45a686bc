"""What a browser calls itself, in two words that its user recognises: "Chrome · Windows"."""

from __future__ import annotations

from flask import request

# the first that fits: most browsers name others beside themselves
BROWSERS = (
    ("MicroMessenger/", "WeChat"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("HuaweiBrowser/", "Huawei Browser"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device() -> str | None:
    """Return browser and system of this request; None when neither is known."""
    return device_of(request.headers.get("User-Agent", ""))


def device_of(agent: str) -> str | None:
    """Return browser and system by what a browser sends as its name."""
    names = [next((name for mark, name in known if mark in agent), None) for known in (BROWSERS, SYSTEMS)]
    return " · ".join(name for name in names if name) or None
