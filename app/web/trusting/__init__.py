"""How a device comes to trust this installation's own certificate authority."""
