"""Changes to content files that leave every byte alone that they do not concern: files in, change, files out."""
