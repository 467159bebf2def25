"""How the pipeline is learned: `python -m training`."""
