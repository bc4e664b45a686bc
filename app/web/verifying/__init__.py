"""Web: is a report, code or hash what was released?"""
