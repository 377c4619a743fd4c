"""Makes dated copies of the archive for other people and for a backup, and restores one."""
