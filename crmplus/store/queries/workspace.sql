-- name: is_set_up
-- One row: whether there is a workspace.
SELECT count(*) > 0 AS is_set_up FROM workspace;
