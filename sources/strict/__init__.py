"""A strict check of 837 transactions by pyx12, the library made for it, in a process of its own."""
