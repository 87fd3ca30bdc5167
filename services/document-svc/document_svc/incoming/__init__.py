"""Documents that come in (收文): entered, checked, sent back or taken up, circulated, handed over."""
