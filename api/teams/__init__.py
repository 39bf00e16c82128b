"""Who is in which team, who is there, and what each is told."""
