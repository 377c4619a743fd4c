"""What the commands do. A module is imported when its command runs, so it may import anything that it needs."""
