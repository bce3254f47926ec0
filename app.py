"""CRM+: `streamlit run app.py`. The ASGI application and the script that draws its pages."""

import streamlit as st
from starlette.routing import Route

from crmplus.ui.shell import report, run_shell
from crmplus.web.health import healthz

app = st.App(__file__, routes=[Route("/healthz", healthz)], on_script_error=report)

if __name__ == "__main__":
    run_shell()
