"""Where a visitor starts."""
