-- name: schema_columns
-- One row a column of a table of the database, tables by name, columns in their order.
SELECT table_name, column_name, data_type, is_nullable = 'YES' AS is_nullable
FROM information_schema.columns
WHERE table_catalog = current_database()
  AND table_schema NOT IN ('information_schema', 'pg_catalog')
ORDER BY table_name, ordinal_position;

-- name: schema_keys
-- One row a column of a primary or unique key, in the key's order, primary keys first.
SELECT usage.table_name, usage.constraint_name, usage.column_name
FROM information_schema.key_column_usage AS usage
JOIN information_schema.table_constraints AS held
  ON held.constraint_name = usage.constraint_name AND held.table_name = usage.table_name
WHERE usage.table_catalog = current_database()
  AND held.constraint_type IN ('PRIMARY KEY', 'UNIQUE')
ORDER BY usage.table_name, held.constraint_type, usage.constraint_name, usage.ordinal_position;

-- name: schema_migrations
-- One row a migration that the database has had, oldest first.
SELECT name FROM schema_migration ORDER BY number;
