"""Plans and tasks: quantified targets, split to units, posts and people, and what is done of them."""
