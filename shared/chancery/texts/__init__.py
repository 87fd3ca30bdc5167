"""Words that people read, Chinese and English, kept as data beside the code that uses them."""
