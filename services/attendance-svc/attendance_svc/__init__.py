"""Who holds which post, who is away, who acts."""
