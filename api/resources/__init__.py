"""The resources of the HTTP interface, one module per subject: routes only, each a few lines."""
