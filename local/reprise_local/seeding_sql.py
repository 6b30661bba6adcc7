"""The statements of the seed: each puts an account or a profile there, or restores it."""

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
