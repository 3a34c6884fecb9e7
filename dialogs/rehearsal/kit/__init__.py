"""The training documents about a made-up case, as values. Other modules lay them out and print them."""
