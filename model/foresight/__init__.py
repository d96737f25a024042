"""How agents foresee what a lever does: closed-form models of their own cost, from their own beliefs."""
