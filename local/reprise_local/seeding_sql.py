"""The statements of the seed: each puts a row there or restores it to how the seed has it."""

RATING_SYSTEM = """
INSERT INTO rating_system (code, country, name) VALUES (%(code)s, %(country)s, %(name)s)
ON CONFLICT (code) DO UPDATE SET country = excluded.country, name = excluded.name
"""

RATING = """
INSERT INTO rating (system_code, code, maturity_level) VALUES (%s, %s, %s)
ON CONFLICT (system_code, code) DO UPDATE SET maturity_level = excluded.maturity_level
"""

GENRE = """
INSERT INTO genre (id, name) VALUES (%s, %s)
ON CONFLICT (id) DO UPDATE SET name = excluded.name
"""

TITLE = """
INSERT INTO title (id, type, name, description, release_year, original_language, plans)
VALUES (%(id)s, %(type)s, %(title)s, %(description)s, %(year)s, %(language)s, %(plans)s)
ON CONFLICT (id) DO UPDATE SET
    type = excluded.type, name = excluded.name, description = excluded.description,
    release_year = excluded.release_year, original_language = excluded.original_language,
    plans = excluded.plans, updated_at = now()
"""

REPLACED_WITH_THEIR_TITLE = (
    "DELETE FROM video WHERE title_id = %s",
    "DELETE FROM title_rating WHERE title_id = %s",
    "DELETE FROM title_genre WHERE title_id = %s",
    "DELETE FROM artwork WHERE title_id = %s",
    "DELETE FROM availability WHERE title_id = %s",
)

EPISODE = """
INSERT INTO episode (id, title_id, season, episode, name, aired_at) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (id) DO UPDATE SET
    season = excluded.season, episode = excluded.episode, name = excluded.name,
    aired_at = excluded.aired_at
"""

EPISODES_NOT_AMONG = "DELETE FROM episode WHERE title_id = %s AND NOT id = ANY(%s::uuid[])"

VIDEO = """
INSERT INTO video (id, title_id, episode_id, duration_seconds, intro_start, intro_end,
                   credits_start)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""

TITLE_RATING = "INSERT INTO title_rating (title_id, system_code, code) VALUES (%s, %s, %s)"

TITLE_GENRE = "INSERT INTO title_genre (title_id, genre_id, position) VALUES (%s, %s, %s)"

ARTWORK = """
INSERT INTO artwork (id, title_id, kind, variant, url, position) VALUES (%s, %s, %s, %s, %s, %s)
"""

WINDOW = "INSERT INTO availability (title_id, region, starts_at, ends_at) VALUES (%s, %s, %s, %s)"

ACCOUNT = """
INSERT INTO account (id, email, password_hash, plan, region)
VALUES (%(id)s, %(email)s, %(hash)s, %(plan)s, %(region)s)
ON CONFLICT (id) DO UPDATE SET
    email = excluded.email, password_hash = excluded.password_hash, plan = excluded.plan,
    region = excluded.region, updated_at = now()
"""

PROFILE = """
INSERT INTO profile (id, account_id, position, name, kids, maturity_level, pin_hash, language,
                     avatar)
VALUES (%(id)s, %(account)s, %(position)s, %(name)s, %(kids)s, %(maturityLevel)s, %(pin)s,
        %(language)s, %(avatar)s)
ON CONFLICT (id) DO UPDATE SET
    position = excluded.position, name = excluded.name, kids = excluded.kids,
    maturity_level = excluded.maturity_level, pin_hash = excluded.pin_hash,
    language = excluded.language, avatar = excluded.avatar, updated_at = now()
"""
