"""The pieces of the pages: top bar, player, tables, charts, forms."""
