"""Chart specs from core results, drawn as Plotly JSON (screen) and SVG (paper). Knows angles and colours."""
