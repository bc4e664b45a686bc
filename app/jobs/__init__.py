"""The worker loop and the queue behind the port that services declare."""
