-- name: schema_columns
-- One row a column of a table of the database, tables by name, columns in their order; views hold
-- no rows of their own.
SELECT held.table_name, held.column_name, held.data_type, held.is_nullable = 'YES' AS is_nullable
FROM information_schema.columns AS held
JOIN information_schema.tables AS holder
  ON holder.table_catalog = held.table_catalog
  AND holder.table_schema = held.table_schema
  AND holder.table_name = held.table_name
WHERE held.table_catalog = current_database()
  AND held.table_schema NOT IN ('information_schema', 'pg_catalog')
  AND holder.table_type = 'BASE TABLE'
ORDER BY held.table_name, held.ordinal_position;

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
