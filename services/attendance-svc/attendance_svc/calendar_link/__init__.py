"""An address at which a calendar program reads who is away, without any other token (日历订阅)."""
