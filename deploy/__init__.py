"""Everything that puts the engine on a machine: the image, the compose file's parts and the embedded services."""
