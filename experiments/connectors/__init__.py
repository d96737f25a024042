"""Other people's tools on Ripieno's run axis: SALib, EMA Workbench, Gymnasium and PettingZoo.

Import the module of the tool you use; EMA Workbench, Gymnasium and PettingZoo are optional::

    pip install "ripieno[ema]"     # experiments.connectors.ema
    pip install "ripieno[rl]"      # experiments.connectors.gym and .pettingzoo
"""
