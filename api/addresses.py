"""What a service that cannot listen says."""


class AddressError(OSError):
    """The address cannot be listened on, or not as the settings say; the text says why and what to do."""
