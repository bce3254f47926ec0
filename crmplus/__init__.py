"""CRM+: a sales funnel on a customer list."""

__version__ = "0.1.0"
