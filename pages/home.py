"""Home: where one starts. The address of a default page is bare, so it sends on to one with a name."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.ui.shell import guard

guard(Permission.VIEW)
st.switch_page("pages/my_day.py")
