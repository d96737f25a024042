"""Agents: who acts. One file a role; policies, forecasts, demand, sourcing and allocation, one member a file."""
