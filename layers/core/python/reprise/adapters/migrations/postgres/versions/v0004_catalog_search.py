"""Finding titles: by name, however it is spelled, by other names, genres and descriptions.

`catalog_fold` is how names and queries are compared: lower case, without accents, apostrophes and
punctuation. It is made of immutable parts only (`unaccent` is not one), so columns can be generated
with it. `search_words` weighs the name A, other names B, genres C and the description D. Genres
live in another table, which a generated column can't see: `genre_words` repeats them, and whoever
writes the catalog keeps it so. `search_word` holds every word of names; typing errors are looked up
there, because a few ten thousand words are searched faster than all names. Triggers keep it
complete; words that no title has any more are harmless.

The columns rewrite `title`: it is locked for seconds per hundred thousand titles, and readers live
on their copies meanwhile.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

UP = r"""
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE FUNCTION catalog_fold(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(
    replace(replace(replace(replace(replace(
        regexp_replace(
            lower(normalize(words, NFKD) COLLATE "und-x-icu"), U&'[\0300-\036F''\2019`]+', '', 'g'
        ),
        'ß', 'ss'), 'æ', 'ae'), 'ø', 'o'), 'œ', 'oe'), 'ł', 'l'),
    U&'[\0001-/:-@\005B-`{-\00BF\2000-\206F\3000-\303F]+', ' ', 'g'
));

CREATE FUNCTION catalog_joined(words text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN array_to_string(words, ' ');

ALTER TABLE title
    ADD COLUMN original_name text NOT NULL DEFAULT '',
    ADD COLUMN aliases text[] NOT NULL DEFAULT '{}',
    ADD COLUMN genre_words text NOT NULL DEFAULT '';

UPDATE title SET genre_words = (
    SELECT string_agg(genre.name, ' ' ORDER BY position)
    FROM title_genre JOIN genre ON genre.id = genre_id WHERE title_id = title.id
) WHERE EXISTS (SELECT FROM title_genre WHERE title_id = title.id);

ALTER TABLE title
    ADD COLUMN search_name text COLLATE "C" NOT NULL
        GENERATED ALWAYS AS (catalog_fold(name)) STORED,
    ADD COLUMN search_words tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('pg_catalog.simple', catalog_fold(name)), 'A')
        || setweight(to_tsvector('pg_catalog.simple',
            catalog_fold(original_name || ' ' || catalog_joined(aliases))), 'B')
        || setweight(to_tsvector('pg_catalog.simple', catalog_fold(genre_words)), 'C')
        || setweight(to_tsvector('pg_catalog.simple', catalog_fold(description)), 'D')
    ) STORED;

CREATE INDEX title_search_name ON title (search_name, id);
CREATE INDEX title_search_name_trgm ON title USING gin (search_name gin_trgm_ops);
CREATE INDEX title_search_words ON title USING gin (search_words);

CREATE TABLE search_word (word text COLLATE "C" PRIMARY KEY);
CREATE INDEX search_word_trgm ON search_word USING gin (word gin_trgm_ops);

CREATE FUNCTION catalog_note_words() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_word
    SELECT DISTINCT word COLLATE "C"
    FROM changed, unnest(tsvector_to_array(ts_filter(search_words, '{a,b}'))) AS word
    ORDER BY 1
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER title_words_added AFTER INSERT ON title
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog_note_words();
CREATE TRIGGER title_words_changed AFTER UPDATE ON title
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog_note_words();

INSERT INTO search_word
SELECT DISTINCT word COLLATE "C"
FROM title, unnest(tsvector_to_array(ts_filter(search_words, '{a,b}'))) AS word;
"""

DOWN = """
DROP TRIGGER title_words_added ON title;
DROP TRIGGER title_words_changed ON title;
DROP FUNCTION catalog_note_words;
DROP TABLE search_word;
ALTER TABLE title
    DROP COLUMN search_words, DROP COLUMN search_name,
    DROP COLUMN genre_words, DROP COLUMN aliases, DROP COLUMN original_name;
DROP FUNCTION catalog_joined, catalog_fold;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
