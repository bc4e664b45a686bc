"""An assessment on the screen: its answer, radar, tree, and each capability in detail."""
