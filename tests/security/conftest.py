"""The web application and the reports of other tests, for the attacks that are tried on them."""

from tests.exports.conftest import report  # noqa: F401 - a fixture
from tests.web.conftest import (  # noqa: F401 - fixtures
    administrator,
    application,
    built,
    consultant,
    peopled,
    reader,
    stranger,
    visit,
    web_database,
)
