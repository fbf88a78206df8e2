"""MyRenault: Renault, Dacia and Alpine at the cloud in service today."""
