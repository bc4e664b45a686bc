"""Charts as Plotly figures for the screen: one module per kind, plain dictionaries that JSON can hold."""
