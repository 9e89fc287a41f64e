"""The kernel's own layers, tried in fresh processes."""
