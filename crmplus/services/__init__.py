"""One function for each thing a user does: permission, transaction, rules, history."""
