def optional_input(key):
    """The file named by a config key, or no input where it is null."""
    return config[key] or []
