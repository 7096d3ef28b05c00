"""The organisation: units, posts, people, memberships, appointments, grids, and leadership by office."""
