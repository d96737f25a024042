"""The model: the world of the agents. Scenario schema, network, moments, random streams, accounts and metrics."""
