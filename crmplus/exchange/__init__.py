"""Import and export: files in, files out; what rules say stays with the domain and the services."""
