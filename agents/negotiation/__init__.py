"""The rules of negotiation: claims, gain, transfers, votes, timing, agreements, rollback, tradable slots, ledger."""
