"""BMW: i Remote, and what BMW's services have in common."""
