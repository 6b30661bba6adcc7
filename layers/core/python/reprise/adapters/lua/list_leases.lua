-- Answers {playback, lease, age, …} of every screen that was taken.
return listed(taken(KEYS[1]), server_ms())
