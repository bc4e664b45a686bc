"""What the report says: values in, worded values out."""
