"""The sentences of a report: read, worded anew, taken back, with everything that they ever said."""
