"""Weight profiles: read, begun from the framework's weights, and revised by a form that shows what they do."""
