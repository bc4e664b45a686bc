"""Working without a network: the service worker, what its pages are told, and unsent answers that come as a file."""
