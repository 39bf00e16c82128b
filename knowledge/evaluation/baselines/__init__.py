"""What the product is compared with, trained and read on the same files."""
