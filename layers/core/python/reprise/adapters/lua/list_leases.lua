-- Answers {playback, lease, …} of every screen in use.
return listed((alive(KEYS[1], server_ms())))
