"""CRM+: a sales funnel on a customer list."""
