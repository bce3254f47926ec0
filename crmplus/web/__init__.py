"""HTTP beside the pages, without Streamlit."""
