"""How fast Resonance is: each figure is measured beside its peers', in the same run and on the same data."""
