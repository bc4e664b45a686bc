"""Own account: name, password, second factor, sign-ins."""
