"""What the project's speed is beside others', measured in one run. Nothing here is a test: machines differ, ratios less."""
