"""Reports: asked for here, made in the background, fetched here."""
