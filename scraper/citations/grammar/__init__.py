"""The grammar as data: the TOML files of this folder, their loader, and the patterns made of their words."""
