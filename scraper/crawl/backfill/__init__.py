"""Back-fill: a web archive answers instead of the site. One spider queries its index; then the news spider crawls what the index lists."""
