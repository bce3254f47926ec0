"""CRM+: `streamlit run app.py`. The ASGI application and the script that draws its pages."""

import os

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from crmplus.configuration import Configuration
from crmplus.ui.by_itself import is_by_itself
from crmplus.ui.provider import PROVIDER, require_provider
from crmplus.ui.server_log import set_up_log
from crmplus.ui.shell import report, run_shell
from crmplus.web.by_provider import PROVIDER_PATHS, ByProvider
from crmplus.web.door import ROUTES
from crmplus.web.gate import Gate
from crmplus.web.health import healthz
from crmplus.web.metrics import metrics
from crmplus.web.observed import Observed
from crmplus.web.serving import serving

configuration = Configuration.of(os.environ)
gate = [Middleware(Gate, is_by_itself=is_by_itself)]
if configuration.oidc:
    gate = [
        Middleware(Gate, is_by_itself=is_by_itself, also_open=PROVIDER_PATHS),
        Middleware(ByProvider, provider=PROVIDER),
    ]

app = st.App(
    __file__,
    routes=[Route("/healthz", healthz), Route("/metrics", metrics), *ROUTES],
    middleware=[Middleware(Observed), *gate],
    lifespan=serving,
    on_script_error=report,
)

if __name__ == "__main__":
    run_shell()
else:  # the server, once
    if configuration.oidc:
        require_provider()
    set_up_log(configuration.log)
