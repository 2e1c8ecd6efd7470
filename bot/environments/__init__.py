"""Games of other libraries, each in a worker process of its own."""
