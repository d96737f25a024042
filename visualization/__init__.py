"""Visualization: the browser application and figures for papers."""
