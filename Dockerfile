# docker build -t crmplus . && docker run -p 127.0.0.1:8501:8501 -v crmplus:/data crmplus
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --uid 10001 --user-group --create-home crmplus \
    && install -d -o crmplus -g crmplus -m 700 /data
WORKDIR /app
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY .streamlit/config.toml .streamlit/config.toml
COPY data/demo.json data/starter.json data/
COPY app.py ./
COPY pages pages
COPY crmplus crmplus

USER crmplus
VOLUME /data
ENV CRMPLUS_DATABASE=/data/crmplus.duckdb CRMPLUS_LOG=json
EXPOSE 8501
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/healthz', timeout=4)"]
# exec, so that the server is the process that is asked to stop.
CMD ["streamlit", "run", "app.py", "--server.headless=true", "--server.address=0.0.0.0", "--server.port=8501"]
