"""Streamlit's own log, which it would write by itself and as it likes."""

import streamlit.logger

from crmplus import logs


def set_up_log(kind: str) -> None:
    """Have all of the server write one log, `text` or `json`; Streamlit's loggers to come too."""
    streamlit.logger.setup_formatter = logs.to_root  # called for each logger it makes
    logs.set_up(kind)
    streamlit.logger.update_formatter()
